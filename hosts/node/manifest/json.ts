/**
 * JSON files: reading them with the place of everything in them, and merging them as mcconfig does.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { isObject, type JsonObject } from "../../../src/manifest/value.js";
import { shownPath } from "./shown-path.js";

/** The way to a value: keys of objects, places in lists. */
export type JsonPath = readonly (string | number)[];

/** Windows editors put it before the text; mcconfig takes it for a wrong character. */
const BYTE_ORDER_MARK = "\uFEFF";

/** A JSON file that holds an object. */
export class JsonFile {
  readonly file: string;
  readonly json: JsonObject;
  readonly #text: string;
  readonly #tree: Node | undefined;

  constructor(file: string, text: string, json: JsonObject, tree: Node | undefined) {
    this.file = file;
    this.json = json;
    this.#text = text;
    this.#tree = tree;
  }

  /** `file:line:column` of a value, or of the nearest that there is around it. */
  placeOf(path: JsonPath): string {
    for (let length = path.length; length >= 0; length--) {
      const node = this.#tree && findNodeAtLocation(this.#tree, path.slice(0, length));
      if (node === undefined) continue;
      // A property is found by its key.
      const start = node.parent?.type === "property" ? node.parent.offset : node.offset;
      return placeIn(this.file, this.#text, start);
    }
    return shownPath(this.file);
  }

  /** Adds a sentence for each key that an object has twice: only the last one counts. */
  findDuplicates(problems: string[]): void {
    const visit = (node: Node): void => {
      const keys = new Set<string>();
      for (const child of node.children ?? []) {
        const [name, value] = child.children ?? [];
        if (child.type !== "property" || name === undefined) {
          visit(child);
          continue;
        }
        if (keys.has(name.value as string)) {
          const place = placeIn(this.file, this.#text, name.offset);
          problems.push(`${place}: found the key "${name.value}" again; only the last one counts`);
        }
        keys.add(name.value as string);
        if (value !== undefined) visit(value);
      }
    };
    if (this.#tree !== undefined) visit(this.#tree);
  }
}

function placeIn(file: string, text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return `${shownPath(file)}:${line}:${offset - before.lastIndexOf("\n")}`;
}

/** What was found, and "PropertyNameExpected" in words. */
function errorText(text: string, { error, offset, length }: ParseError): string {
  const at = text.slice(offset, offset + length);
  const name = printParseErrorCode(error).replace(/([a-z])([A-Z])/g, "$1 $2");
  return `found ${at === "" ? "the end of the file" : JSON.stringify(at)}: ${name.toLowerCase()}`;
}

/**
 * Reads a file that must hold one JSON object. Adds a sentence to `problems` and returns undefined
 * when it cannot be read, is no JSON, or is something else.
 */
export function readJsonFile(file: string, problems: string[]): JsonFile | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    problems.push(`${shownPath(file)}: cannot be read: ${(error as Error).message}`);
    return undefined;
  }
  if (text.startsWith(BYTE_ORDER_MARK)) {
    problems.push(
      `${shownPath(file)}:1:1: found a byte order mark (BOM), allowed is UTF-8 without one`,
    );
    text = text.slice(BYTE_ORDER_MARK.length);
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const [first] = errors;
    problems.push(
      first === undefined
        ? `${shownPath(file)}: ${(error as Error).message}`
        : `${placeIn(file, text, first.offset)}: ${errorText(text, first)}`,
    );
    return undefined;
  }
  if (isObject(json)) return new JsonFile(file, text, json, tree);
  problems.push(`${shownPath(file)}: found no JSON object`);
  return undefined;
}

/** The package.json beside a manifest, for what it says; an object without keys for none. */
export function packageBeside(manifest: string, problems: string[]): JsonObject {
  const file = join(dirname(manifest), "package.json");
  return existsSync(file) ? (readJsonFile(file, problems)?.json ?? {}) : {};
}

/**
 * Merges `source` into `target`, as mcconfig does: objects key by key, arrays place by place, and
 * everything else replaced. `source` stays as it is and shares nothing with the result.
 */
export function mergeInto(target: JsonObject, source: JsonObject): void {
  for (const [key, value] of Object.entries(source)) {
    const existing = Object.hasOwn(target, key) ? target[key] : undefined;
    if (isMergeable(existing) && isMergeable(value)) mergeInto(existing, value);
    else target[key] = structuredClone(value);
  }
}

function isMergeable(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null;
}
