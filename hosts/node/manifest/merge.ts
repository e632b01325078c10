/**
 * What the parts of a manifest say together: `config`, `creation`, and `config.reattach` checked.
 */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { readReattach, type ReattachConfig } from "../../../src/manifest/reattach.js";
import { found, isObject, type JsonObject } from "../../../src/manifest/value.js";
import { type Collection, collectFile, collectObject, type Reader } from "./include.js";
import { mergeInto } from "./json.js";

/** The file of a manifest: a folder stands for the one in it, an object for one in `baseDir`. */
export function fileOf(manifest: string | JsonObject, baseDir: string): string {
  if (typeof manifest !== "string") return resolve(baseDir, "manifest.json");
  const path = resolve(baseDir, manifest);
  return existsSync(path) && statSync(path).isDirectory() ? join(path, "manifest.json") : path;
}

/** All that a manifest leads to, which stands in `file`. */
export function collect(
  manifest: string | JsonObject,
  file: string,
  reader: Reader,
  problems: string[],
): Collection {
  return typeof manifest === "string"
    ? collectFile(file, reader, problems)
    : collectObject(manifest, file, reader, problems);
}

/** Merges one key of all parts, each of them an object or left out. */
export function mergeKey({ parts }: Collection, key: string, problems: string[]): JsonObject {
  const merged: JsonObject = {};
  for (const part of parts) {
    const value = part.json[key];
    if (value === undefined) continue;
    if (isObject(value)) mergeInto(merged, value);
    else problems.push(part.sentence([key], `found ${found(value)}, allowed is an object`));
  }
  return merged;
}

/** The keys that a sentence begins with, as far as the object has them: "config.reattach.…: ". */
function pathIn(json: unknown, sentence: string): string[] {
  if (!isObject(json)) return [];
  const keys = Object.keys(json).filter((key) => /^[.:]/.test(sentence.slice(key.length)));
  const key = keys.find((candidate) => sentence.startsWith(candidate));
  return key === undefined ? [] : [key, ...pathIn(json[key], sentence.slice(key.length + 1))];
}

/** A sentence about `config.reattach`, with the place of the part that has its last word. */
function withPlace({ parts }: Collection, sentence: string): string {
  let place = parts.at(-1)?.placeOf([]);
  let depth = 0;
  for (const part of parts) {
    const path = pathIn(part.json, sentence);
    if (path.length < Math.max(depth, 1)) continue;
    depth = path.length;
    place = part.placeOf(path);
  }
  return place === undefined ? sentence : `${place}: ${sentence}`;
}

/**
 * Reads `config.reattach` of a board that has a gateway to others, or none. What is wrong is added
 * to `problems`, with its place.
 */
export function readConfig(
  collection: Collection,
  config: unknown,
  modules: readonly string[],
  hasGateway: boolean,
  problems: string[],
): ReattachConfig {
  const sentences: string[] = [];
  const read = readReattach(config, modules, sentences, hasGateway);
  for (const sentence of sentences) problems.push(withPlace(collection, sentence));
  return read;
}
