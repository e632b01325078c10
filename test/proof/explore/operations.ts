/**
 * What each operation on a word does, by name. The atomic ones need no Atomics here: nothing
 * happens between their parts, as the machine has only one thread of its own.
 */

/** Does this operation write? */
export function isWrite(kind: string): boolean {
  return kind !== "load" && kind !== "peek" && kind !== "compare" && kind !== "wait";
}

/** Performs an operation on a word. Returns what it does. */
export function operate(kind: string, words: Int32Array, at: number, a: number, b: number): number {
  switch (kind) {
    case "load":
    case "peek":
      return words[at]!;
    case "store":
    case "poke":
      words[at] = a;
      return a;
    case "cas": {
      const before = words[at]!;
      if (before === a) words[at] = b;
      return before;
    }
    case "add": {
      const before = words[at]!;
      words[at] = before + a;
      return before;
    }
    case "and": {
      const before = words[at]!;
      words[at] = before & a;
      return before;
    }
    case "or": {
      const before = words[at]!;
      words[at] = before | a;
      return before;
    }
    case "notify":
      return 0;
    case "compare":
      return words[at] === a ? 1 : 0;
  }
  throw new Error(`explore: no operation ${kind}`);
}
