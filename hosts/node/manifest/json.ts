/**
 * JSON files: reading them with the place of a syntax error, and merging them as mcconfig does.
 */
import { readFileSync } from "node:fs";
import { type Message, transformSync } from "esbuild";
import { isObject, type JsonObject } from "../../../src/manifest/value.js";
import { shownPath } from "./shown-path.js";

/** Node 20 often does not say where a syntax error is; esbuild always does. */
function syntaxErrorAt(text: string): string | undefined {
  try {
    transformSync(text, { loader: "json", logLevel: "silent" });
    return undefined;
  } catch (error) {
    const [message] = (error as { errors: Message[] }).errors;
    if (message?.location == null) return message?.text;
    return `${message.location.line}:${message.location.column + 1}: ${message.text}`;
  }
}

/**
 * Reads a file that must hold one JSON object. Adds a sentence to `problems` and returns undefined
 * when it cannot be read, is no JSON, or is something else.
 */
export function readJsonObject(file: string, problems: string[]): JsonObject | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    problems.push(`${shownPath(file)}: cannot be read: ${(error as Error).message}`);
    return undefined;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const place = syntaxErrorAt(text) ?? (error as Error).message;
    problems.push(`${shownPath(file)}:${place}`);
    return undefined;
  }
  if (isObject(json)) return json;
  problems.push(`${shownPath(file)}: found no JSON object`);
  return undefined;
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
