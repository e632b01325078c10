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
import { type Collection, isInSdk, type Reader } from "./include.js";
import type { Part } from "./part.js";
import { found, isObject } from "../../../src/manifest/value.js";
import { shownPath } from "./shown-path.js";

/** What runs in the simulator. Native code, headers and data are the device's. First one first. */
const SIMULATED = [".ts", ".js", ".mjs"];
/** What mcconfig makes modules of, for a device. */
const COMPILED = [...SIMULATED, ".json"];

/** The key for what is left out. */
const EXCLUDED = "~";

/** One path of a `modules` object. */
interface Entry {
  readonly key: string;
  /** Absolute; the last component may have a star. */
  readonly pattern: string;
  /** Adds a sentence about it. */
  readonly refuse: (text: string) => void;
}

/** A file that an entry stands for: `name` is what a star in the key becomes. */
interface Match {
  readonly name: string;
  readonly file: string;
}

/** The modules of a manifest. */
export interface Modules {
  /** Specifier, as in an import, to absolute path. */
  readonly files: ReadonlyMap<string, string>;
  /** Specifiers of modules whose files lie in an SDK that is not looked into. */
  readonly unseen: ReadonlySet<string>;
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

/** The name of a module whose file is not looked for; undefined where a star hides it. */
function unseenName(key: string, path: string): string | undefined {
  const star = key.lastIndexOf("*");
  if (star < 0) return key;
  const name = splitName(basename(path)).stem;
  return name.includes("*") ? undefined : key.slice(0, star) + name;
}

/** Looks for the modules of an application. */
class Finder {
  readonly unseen = new Set<string>();
  readonly #collection: Collection;
  readonly #reader: Reader;
  readonly #problems: string[];
  readonly #extensions: readonly string[];

  constructor(
    collection: Collection,
    reader: Reader,
    problems: string[],
    extensions: readonly string[],
  ) {
    this.#collection = collection;
    this.#reader = reader;
    this.#problems = problems;
    this.#extensions = extensions;
  }

  /** The entries of all parts, in the order in which they count. */
  entries(): Entry[] {
    const { parts } = this.#collection;
    if (this.#reader.sdk !== undefined) return parts.flatMap((part) => this.#entriesOf(part));
    const named = parts.filter((part) => part.isNamed).reverse();
    const shared = parts.filter((part) => !part.isNamed);
    return [...named, ...shared].flatMap((part) => this.#entriesOf(part));
  }

  #entriesOf(part: Part): Entry[] {
    const modules = part.json["modules"];
    if (modules === undefined) return [];
    if (!isObject(modules)) {
      const text = `found ${found(modules)}, allowed is an object`;
      this.#problems.push(part.sentence(["modules"], text));
      return [];
    }
    return Object.entries(modules).flatMap(([key, value]) =>
      Array.isArray(value)
        ? value.flatMap((item, index) => this.#entryOf(part, key, item, ["modules", key, index]))
        : this.#entryOf(part, key, value, ["modules", key]),
    );
  }

  #entryOf(part: Part, key: string, item: unknown, path: (string | number)[]): Entry[] {
    const refuse = (text: string): void => {
      this.#problems.push(part.sentence(path, text));
    };
    // `{"source": path, "transform": …}` is how a build step of the SDK is asked for.
    const text = isObject(item) ? item["source"] : item;
    if (typeof text !== "string" || !text.includes("/")) {
      refuse(`found ${found(item)}, allowed is a path with a slash, "./main"`);
      return [];
    }
    const target = this.#collection.variables.target(text, part.dir, refuse);
    if (target === undefined) return [];
    if (target.kind === "file") {
      const pattern = target.file;
      const isForeign = isInSdk(pattern, this.#reader);
      return [{ key, pattern, refuse: (why) => isForeign || refuse(`found "${text}", ${why}`) }];
    }
    const name = unseenName(key, target.path);
    if (name !== undefined) this.unseen.add(name);
    return [];
  }

  /** The files of an entry that are modules, in the order of the extensions; none is a problem. */
  matchesOf({ pattern, refuse }: Entry): Match[] {
    const dir = dirname(pattern);
    const wanted = basename(pattern);
    if (!existsSync(dir)) {
      refuse(`but there is no folder ${shownPath(dir)}`);
      return [];
    }
    const matched = readdirSync(dir, { withFileTypes: true }).filter(
      (entry) => !entry.name.startsWith(".") && matchName(entry.name, wanted) !== undefined,
    );
    const files = matched.filter((entry) => !entry.isDirectory());
    if (files.length === 0) {
      const hint = matched.length > 0 && !wanted.includes("*") ? `, a folder: add "/*"` : "";
      refuse(`but no file in ${shownPath(dir)} matches${hint}`);
    }
    return this.#extensions
      .flatMap((extension) => files.filter((file) => splitName(file.name).extension === extension))
      .map((file: Dirent) => ({ name: matchName(file.name, wanted)!, file: join(dir, file.name) }));
  }
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
 * Finds the file of every module; of every one with these extensions, where they are given. A path
 * that matches nothing is added to `problems`, unless it lies in the SDK.
 */
export function findModules(
  collection: Collection,
  reader: Reader,
  problems: string[],
  extensions: readonly string[] = reader.sdk === undefined ? SIMULATED : COMPILED,
): Modules {
  const finder = new Finder(collection, reader, problems, extensions);
  const groups = groupByKey(finder.entries());
  const taken = new Set<string>();
  for (const entry of groups.get(EXCLUDED) ?? []) {
    for (const { file } of finder.matchesOf(entry)) taken.add(file);
  }
  groups.delete(EXCLUDED);
  const files = new Map<string, string>();
  for (const [key, entries] of groups) {
    const star = key.lastIndexOf("*");
    for (const { name, file } of entries.flatMap((entry) => finder.matchesOf(entry))) {
      if (taken.has(file)) continue;
      taken.add(file);
      const specifier = star < 0 ? key : key.slice(0, star) + name;
      if (!files.has(specifier)) files.set(specifier, file);
    }
  }
  return { files, unseen: finder.unseen };
}
