/**
 * Includes and platforms: from one manifest file to the list of parts that are merged, in the order
 * in which mcconfig merges them. Included manifests come before the one that includes them, and the
 * entry of the platform after the rest of its file.
 */
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, sep } from "node:path";
import { found, isObject, type JsonObject } from "../../../src/manifest/value.js";
import { packageBeside, readJsonFile } from "./json.js";
import { Part } from "./part.js";
import { platformKey } from "./platform.js";
import { shownPath } from "./shown-path.js";
import { Variables } from "./variables.js";

/** For whom a manifest is read. */
export interface Reader {
  /** Which entry of `platforms` counts; without one of this name, `"..."` does. */
  readonly platform: string;
  /**
   * Undefined for the simulator. For a device the folder of Moddable's SDK, "" when there is none:
   * then all of the SDK stays unknown.
   */
  readonly sdk?: string;
}

/** Everything that a manifest leads to. */
export interface Collection {
  readonly parts: readonly Part[];
  readonly variables: Variables;
  /** Includes that could not be looked into: they lie in the SDK, or on the net. */
  readonly unseen: readonly string[];
}

/** Is it the manifest of a copy of this package? The simulator has its own `reattach`. */
function isReattachManifest(file: string, problems: string[]): boolean {
  if (basename(file) !== "manifest.json") return false;
  return packageBeside(file, problems)["name"] === "reattach";
}

/** Does a file lie in the SDK? What is wrong there is not the application's. */
export function isInSdk(file: string, { sdk = "" }: Reader): boolean {
  return sdk !== "" && file.startsWith(sdk + sep);
}

/** Walks the includes of one application. */
class Collector implements Collection {
  readonly parts: Part[] = [];
  readonly variables: Variables;
  readonly unseen: string[] = [];
  /** Real paths: a manifest counts once, however often it is included, by itself as well. */
  readonly #seen = new Set<string>();
  readonly #reader: Reader;
  readonly #problems: string[];

  constructor(reader: Reader, problems: string[]) {
    this.variables = new Variables(reader.sdk, reader.platform);
    this.#reader = reader;
    this.#problems = problems;
  }

  collectFile(file: string): void {
    const real = realpathSync(file);
    if (this.#seen.has(real)) return;
    if (this.#reader.sdk === undefined && isReattachManifest(real, this.#problems)) return;
    this.#seen.add(real);
    const source = readJsonFile(file, this.#problems);
    if (source === undefined) return;
    if (!isInSdk(file, this.#reader)) source.findDuplicates(this.#problems);
    this.collect(new Part({ file, source, dir: dirname(file) }, source.json));
  }

  collect(whole: Part): void {
    const parts = [whole, ...this.#platformOf(whole)];
    // All variables first: an include may use those of the platform.
    for (const part of parts) this.variables.define(part.json["build"], part.dir);
    for (const part of parts) this.#include(part);
    this.parts.push(...parts);
  }

  #platformOf(whole: Part): Part[] {
    const platforms = whole.json["platforms"];
    if (platforms === undefined) return [];
    if (!isObject(platforms)) {
      const text = `found ${found(platforms)}, allowed is an object`;
      this.#problems.push(whole.sentence(["platforms"], text));
      return [];
    }
    const { platform } = this.#reader;
    const key = platformKey(Object.keys(platforms), platform);
    if (key === undefined) return [];
    const json = platforms[key];
    if (!isObject(json)) {
      const text = `found ${found(json)}, allowed is an object`;
      this.#problems.push(whole.sentence(["platforms", key], text));
      return [];
    }
    const part = whole.entryOf(key, json);
    if (json["error"] !== undefined) {
      const text = `${found(json["error"])}; for ${platform}, add an entry "${platform}"`;
      this.#problems.push(part.sentence(["error"], text));
    }
    return [part];
  }

  #include(part: Part): void {
    const include = part.json["include"];
    if (include === undefined) return;
    const isList = Array.isArray(include);
    (isList ? (include as unknown[]) : [include]).forEach((item, index) => {
      // A git repository is fetched by mcconfig, for the device.
      if (isObject(item) && typeof item["git"] === "string") this.unseen.push(item["git"]);
      else this.#includeOne(part, item, isList ? ["include", index] : ["include"]);
    });
  }

  #includeOne(part: Part, item: unknown, path: (string | number)[]): void {
    const refuse = (text: string): void => {
      this.#problems.push(part.sentence(path, text));
    };
    if (typeof item !== "string") {
      refuse(`found ${found(item)}, allowed is a path or a list of paths`);
      return;
    }
    const target = this.variables.target(item, part.dir, refuse);
    if (target === undefined) return;
    if (target.kind === "sdk") this.unseen.push(target.path);
    else if (existsSync(target.file)) this.collectFile(target.file);
    else refuse(`found "${item}", but there is no file ${shownPath(target.file)}`);
  }
}

/** Reads a manifest file and all it includes. What is wrong is added to `problems`. */
export function collectFile(file: string, reader: Reader, problems: string[]): Collection {
  const collector = new Collector(reader, problems);
  if (existsSync(file)) collector.collectFile(file);
  else problems.push(`${shownPath(file)}: there is no such file`);
  return collector;
}

/** The same for a manifest in memory, as if it stood in `file`. */
export function collectObject(
  json: JsonObject,
  file: string,
  reader: Reader,
  problems: string[],
): Collection {
  const collector = new Collector(reader, problems);
  collector.collect(new Part({ file, source: undefined, dir: dirname(file) }, json));
  return collector;
}
