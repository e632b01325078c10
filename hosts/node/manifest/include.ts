/**
 * Includes and platforms: from one manifest file to the list of parts that are merged, in the order
 * in which mcconfig merges them. Included manifests come before the one that includes them, and the
 * entry of the platform after the rest of its file.
 */
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { found, isObject, type JsonObject } from "../../../src/manifest/value.js";
import { readJsonObject } from "./json.js";
import { shownPath } from "./shown-path.js";
import { Variables } from "./variables.js";

/** A manifest, or one entry of its `platforms`. */
export interface Part {
  /** File and key, for problems: `manifest.json: ` or `manifest.json: platforms["node"].`. */
  readonly where: string;
  /** The folder that its paths are relative to. */
  readonly dir: string;
  readonly json: JsonObject;
  /** Is it meant for this platform by name? Then it goes before what it shares with others. */
  readonly named: boolean;
}

/** Everything that a manifest leads to. */
export interface Collection {
  readonly parts: readonly Part[];
  readonly variables: Variables;
}

/** Is it the manifest of a copy of this package? The simulator has its own `reattach`. */
function isReattachManifest(file: string, problems: string[]): boolean {
  const packageFile = join(dirname(file), "package.json");
  if (basename(file) !== "manifest.json" || !existsSync(packageFile)) return false;
  return readJsonObject(packageFile, problems)?.["name"] === "reattach";
}

/** Walks the includes of one application. */
class Collector {
  readonly parts: Part[] = [];
  readonly variables = new Variables();
  /** Real paths: a manifest counts once, however often it is included, by itself as well. */
  readonly #seen = new Set<string>();
  readonly #platform: string;
  readonly #problems: string[];

  constructor(platform: string, problems: string[]) {
    this.#platform = platform;
    this.#problems = problems;
  }

  collectFile(file: string): void {
    const real = realpathSync(file);
    if (this.#seen.has(real) || isReattachManifest(real, this.#problems)) return;
    this.#seen.add(real);
    const json = readJsonObject(file, this.#problems);
    if (json !== undefined) this.collect(file, json);
  }

  collect(file: string, json: JsonObject): void {
    const dir = dirname(file);
    const whole: Part = { where: `${shownPath(file)}: `, dir, json, named: false };
    const parts = [whole, ...this.#platformOf(whole)];
    // All variables first: an include may use those of the platform.
    for (const part of parts) this.variables.define(part.json["build"], dir);
    for (const part of parts) this.#include(part);
    this.parts.push(...parts);
  }

  #platformOf(whole: Part): Part[] {
    const platforms = whole.json["platforms"];
    if (platforms === undefined) return [];
    if (!isObject(platforms)) {
      this.#problems.push(
        `${whole.where}platforms: found ${found(platforms)}, allowed is an object`,
      );
      return [];
    }
    const key = Object.hasOwn(platforms, this.#platform) ? this.#platform : "...";
    const json = platforms[key];
    if (json === undefined) return [];
    const where = `${whole.where}platforms["${key}"]`;
    if (!isObject(json)) {
      this.#problems.push(`${where}: found ${found(json)}, allowed is an object`);
      return [];
    }
    if (json["error"] !== undefined) {
      this.#problems.push(
        `${where}.error: ${found(json["error"])}; to simulate it, add an entry "${this.#platform}"`,
      );
    }
    return [{ where: `${where}.`, dir: whole.dir, json, named: key !== "..." }];
  }

  #include(part: Part): void {
    const include = part.json["include"];
    if (include === undefined) return;
    for (const item of Array.isArray(include) ? (include as unknown[]) : [include]) {
      // A git repository is fetched by mcconfig, for the device.
      if (isObject(item) && typeof item["git"] === "string") continue;
      this.#includeOne(part, item);
    }
  }

  #includeOne(part: Part, item: unknown): void {
    const where = `${part.where}include`;
    if (typeof item !== "string") {
      this.#problems.push(`${where}: found ${found(item)}, allowed is a path or a list of paths`);
      return;
    }
    const file = this.variables.path(item, part.dir, where, this.#problems);
    if (file === undefined) return;
    if (existsSync(file)) this.collectFile(file);
    else this.#problems.push(`${where}: found "${item}", but there is no file ${shownPath(file)}`);
  }
}

/** Reads a manifest file and all it includes. What is wrong is added to `problems`. */
export function collectFile(file: string, platform: string, problems: string[]): Collection {
  const collector = new Collector(platform, problems);
  if (existsSync(file)) collector.collectFile(file);
  else problems.push(`${shownPath(file)}: there is no such file`);
  return collector;
}

/** The same for a manifest in memory, as if it stood in `file`. */
export function collectObject(
  json: JsonObject,
  file: string,
  platform: string,
  problems: string[],
): Collection {
  const collector = new Collector(platform, problems);
  collector.collect(file, json);
  return collector;
}
