/**
 * Values of a manifest, checked by their rules. A problem is one sentence: the key, what was found,
 * what is allowed.
 */
import type { Key, KeysRule, Rule, WholeRule } from "./rules.js";
import { allowedNames } from "./suggest.js";
import { found, isObject, type JsonObject } from "./value.js";

/** Is it a value that the rule allows? */
export function isWhole(value: unknown, { min, max, zero }: WholeRule): value is number {
  if (!Number.isInteger(value)) return false;
  const number = value as number;
  return (number >= min && number <= max) || (number === 0 && zero !== undefined);
}

/** What a rule for numbers allows, in words. */
function wholeAllowed({ min, max, zero }: WholeRule): string {
  const range = `a whole number from ${min} to ${max}`;
  return zero === undefined ? range : `0 for ${zero} or ${range}`;
}

/** Checks a list of words; without `words` any will do. Returns those of the list that are text. */
export function checkWords(
  value: unknown,
  words: readonly string[] | null,
  path: string,
  problems: string[],
): readonly string[] {
  if (!Array.isArray(value) || (words === null && value.some((one) => typeof one !== "string"))) {
    const allowed = words === null ? "names" : words.join(", ");
    problems.push(`${path}: found ${found(value)}, allowed is a list of ${allowed}`);
    return [];
  }
  for (const one of value as readonly unknown[]) {
    if (words === null || words.includes(one as string)) continue;
    problems.push(`${path}: found ${found(one)}, ${allowedNames(String(one), words)}`);
  }
  return (value as readonly unknown[]).filter((one) => typeof one === "string");
}

/** What a value is to be that its rule does not allow; "" for one that it does. */
function refusal(value: unknown, rule: Rule): string {
  switch (rule.kind) {
    case "whole":
      return isWhole(value, rule) ? "" : `allowed is ${wholeAllowed(rule)}`;
    case "fraction":
      return typeof value === "number" && value >= 0 && value <= 1
        ? ""
        : "allowed is a number from 0 to 1";
    case "flag":
      return typeof value === "boolean" ? "" : "allowed is true or false";
    case "word":
      return rule.words.includes(value as string) ? "" : allowedNames(String(value), rule.words);
    default:
      return "";
  }
}

function namesOf(keys: readonly Key[]): string[] {
  return keys.map(({ key }) => key);
}

/** A key that there is not: the ones that there are, and the one that was probably meant. */
function noSuchKey(name: string, names: readonly string[], path: string): string {
  return `${path}.${name}: no such key, ${allowedNames(name, names)}`;
}

/** Adds a sentence for each key that is none of `names`. */
export function checkNames(
  object: JsonObject,
  names: readonly string[],
  path: string,
  problems: string[],
): void {
  for (const name of Object.keys(object)) {
    if (!names.includes(name)) problems.push(noSuchKey(name, names, path));
  }
}

/**
 * Checks an object key by key. Returns it with all keys of the rule: a key that is missing or wrong
 * has its default. With a new problem in `problems` the result is not to be used, but to look for
 * more.
 */
export function checkKeys(
  { keys, defaults, isPool }: KeysRule,
  input: unknown,
  path: string,
  problems: string[],
): JsonObject {
  const values: JsonObject = { ...defaults };
  if (input === undefined) return values;
  const given = isPool && typeof input === "number" ? { [keys[0]!.key]: input } : input;
  if (!isObject(given)) {
    const parts = isPool ? ` with ${namesOf(keys).join(", ")}` : "";
    problems.push(`${path}: found ${found(input)}, allowed is an object${parts}`);
    return values;
  }
  // Indexes: this runs in main's stack, and an iterator takes more of it.
  const names = Object.keys(given);
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    const value = given[name];
    const at = `${path}.${name}`;
    const rule = keys.find((row) => row.key === name)?.rule;
    if (rule === undefined) {
      problems.push(noSuchKey(name, namesOf(keys), path));
    } else if (rule.kind === "keys") {
      values[name] = checkKeys(rule, value, at, problems);
    } else if (rule.kind === "words") {
      const before = problems.length;
      checkWords(value, rule.words, at, problems);
      if (problems.length === before) values[name] = value;
    } else {
      const refused = refusal(value, rule);
      if (refused === "") values[name] = value;
      else problems.push(`${at}: found ${found(value)}, ${refused}`);
    }
  }
  return values;
}
