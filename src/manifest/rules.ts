/**
 * What a value of a manifest may be, as data: the checks, the JSON Schema and the page with all
 * keys are made of the same rules. keys.ts has the table.
 */

/** A whole number from `min` to `max`. */
export interface WholeRule {
  readonly kind: "whole";
  readonly min: number;
  readonly max: number;
  /** What 0 means where it is allowed although it is below `min`. */
  readonly zero?: string;
}

/** A number from 0 to 1. */
export interface FractionRule {
  readonly kind: "fraction";
}

/** true or false. */
export interface FlagRule {
  readonly kind: "flag";
}

/** One of some words. */
export interface WordRule {
  readonly kind: "word";
  readonly words: readonly string[];
}

/** A list of some words; null where only the whole manifest says which. */
export interface WordsRule {
  readonly kind: "words";
  readonly words: readonly string[] | null;
}

/** An object with some keys, none of them needed. */
export interface KeysRule {
  readonly kind: "keys";
  readonly keys: readonly Key[];
  /** What it is where the manifest says nothing of it. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** A number may stand for the whole object: the value of its first key. */
  readonly isPool: boolean;
}

/** Whoever reads the key checks it. `said` says what is allowed. */
export interface OwnRule {
  readonly kind: "module" | "abilities" | "json" | "board" | "broker" | "topic" | "imports";
  readonly said: string;
}

export type Rule = WholeRule | FractionRule | FlagRule | WordRule | WordsRule | KeysRule | OwnRule;

/** A key of an object. */
export interface Key {
  readonly key: string;
  readonly rule: Rule;
  /** What it is where the manifest does not say; undefined where that follows from other keys. */
  readonly value: unknown;
  /** What it is, and the reason for its default and for its limits. In Markdown. */
  readonly about: string;
  /** The default in words, where `value` does not say it. */
  readonly otherwise?: string;
}

export function key(name: string, rule: Rule, value: unknown, about: string): Key {
  return Object.freeze({ key: name, rule, value, about });
}

/** A key whose default follows from something else, which `otherwise` says. */
export function derived(name: string, rule: Rule, otherwise: string, about: string): Key {
  return Object.freeze({ key: name, rule, value: undefined, about, otherwise });
}

export function whole(min: number, max: number, zero?: string): WholeRule {
  return Object.freeze(
    zero === undefined ? { kind: "whole", min, max } : { kind: "whole", min, max, zero },
  );
}

export function word(words: readonly string[]): WordRule {
  return Object.freeze({ kind: "word", words });
}

export function list(words: readonly string[] | null): WordsRule {
  return Object.freeze({ kind: "words", words });
}

function keysRule(keys: readonly Key[], isPool: boolean): KeysRule {
  const defaults: Record<string, unknown> = {};
  for (const { key: name, rule, value } of keys) {
    const usual = rule.kind === "keys" ? rule.defaults : value;
    if (usual !== undefined) defaults[name] = usual;
  }
  return Object.freeze({
    kind: "keys",
    keys: Object.freeze(keys),
    defaults: Object.freeze(defaults),
    isPool,
  });
}

export function object(keys: readonly Key[]): KeysRule {
  return keysRule(keys, false);
}

export function pool(keys: readonly Key[]): KeysRule {
  return keysRule(keys, true);
}

export function own(kind: OwnRule["kind"], said: string): OwnRule {
  return Object.freeze({ kind, said });
}

export const FRACTION: FractionRule = Object.freeze({ kind: "fraction" });
export const FLAG: FlagRule = Object.freeze({ kind: "flag" });
