/**
 * The `modules` of a manifest: which file is which module, by the rules of mcconfig.
 *
 * Where two files would be the same module, the first one counts, and a file is one module only. So
 * includes win over what includes them, as on the device. The entry of `platforms` that names the
 * simulator goes before everything: the device never reads it, and that is how a driver gets a
 * stand-in.
 */
import { type Dirent, existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Collection, Part } from "./include.js";
import { found, isObject } from "../../../src/manifest/value.js";
import { shownPath } from "./shown-path.js";

/** What runs in the simulator. Native code, headers and data are the device's. First one first. */
const EXTENSIONS = [".ts", ".js", ".mjs"];

/** The key for what is left out. */
const EXCLUDED = "~";

/** One path of a `modules` object. */
interface Entry {
  readonly key: string;
  /** Absolute; the last component may have a star. */
  readonly pattern: string;
  readonly where: string;
}

/** A file that an entry stands for: `name` is what a star in the key becomes. */
interface Match {
  readonly name: string;
  readonly file: string;
}

function splitName(name: string): { stem: string; extension: string } {
  const extension = /(\.d\.ts|\.[^.]*)?$/.exec(name)![0];
  return { stem: name.slice(0, name.length - extension.length), extension };
}

/** The part of the name that a star stands for, the stem without a star, undefined for no match. */
function matchName(fileName: string, wanted: string): string | undefined {
  const { stem } = splitName(fileName);
  const star = wanted.lastIndexOf("*");
  if (star < 0) return stem === wanted || fileName === wanted ? stem : undefined;
  const prefix = wanted.slice(0, star);
  return stem.startsWith(prefix) ? stem.slice(prefix.length) : undefined;
}

/** Reads the entries of one part. */
function entriesOf(part: Part, { variables }: Collection, problems: string[]): Entry[] {
  const modules = part.json["modules"];
  if (modules === undefined) return [];
  if (!isObject(modules)) {
    problems.push(`${part.where}modules: found ${found(modules)}, allowed is an object`);
    return [];
  }
  const entries: Entry[] = [];
  for (const [key, value] of Object.entries(modules)) {
    const where = `${part.where}modules["${key}"]`;
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      // `{"source": path, "transform": …}` is how a build step of the SDK is asked for.
      const text = isObject(item) ? item["source"] : item;
      if (typeof text !== "string" || !text.includes("/")) {
        problems.push(`${where}: found ${found(item)}, allowed is a path with a slash, "./main"`);
        continue;
      }
      const pattern = variables.path(text, part.dir, where, problems);
      if (pattern !== undefined) entries.push({ key, pattern, where: `${where}: found "${text}"` });
    }
  }
  return entries;
}

/** The files of an entry that are modules, in the order of EXTENSIONS; none is a problem. */
function matchesOf({ pattern, where }: Entry, problems: string[]): Match[] {
  const dir = dirname(pattern);
  const wanted = basename(pattern);
  if (!existsSync(dir)) {
    problems.push(`${where}, but there is no folder ${shownPath(dir)}`);
    return [];
  }
  const matched = readdirSync(dir, { withFileTypes: true }).filter(
    (entry) => !entry.name.startsWith(".") && matchName(entry.name, wanted) !== undefined,
  );
  const files = matched.filter((entry) => !entry.isDirectory());
  if (files.length === 0) {
    const hint = matched.length > 0 && !wanted.includes("*") ? `, a folder: add "/*"` : "";
    problems.push(`${where}, but no file in ${shownPath(dir)} matches${hint}`);
  }
  return EXTENSIONS.flatMap((extension) =>
    files.filter((file) => splitName(file.name).extension === extension),
  ).map((file: Dirent) => ({ name: matchName(file.name, wanted)!, file: join(dir, file.name) }));
}

/** mcconfig joins the lists of a key over all manifests before it looks for files. */
function groupByKey(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.key) ?? [];
    group.push(entry);
    groups.set(entry.key, group);
  }
  return groups;
}

/**
 * Finds the file of every module: specifier, as in an import, to absolute path. A path that matches
 * nothing is added to `problems`.
 */
export function findModules(collection: Collection, problems: string[]): Map<string, string> {
  const named = collection.parts.filter((part) => part.named).reverse();
  const shared = collection.parts.filter((part) => !part.named);
  const groups = groupByKey(
    [...named, ...shared].flatMap((part) => entriesOf(part, collection, problems)),
  );
  const taken = new Set<string>();
  for (const entry of groups.get(EXCLUDED) ?? []) {
    for (const { file } of matchesOf(entry, problems)) taken.add(file);
  }
  groups.delete(EXCLUDED);
  const modules = new Map<string, string>();
  for (const [key, entries] of groups) {
    const star = key.lastIndexOf("*");
    for (const { name, file } of entries.flatMap((entry) => matchesOf(entry, problems))) {
      if (taken.has(file)) continue;
      taken.add(file);
      const specifier = star < 0 ? key : key.slice(0, star) + name;
      if (!modules.has(specifier)) modules.set(specifier, file);
    }
  }
  return modules;
}
