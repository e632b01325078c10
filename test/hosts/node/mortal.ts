/**
 * The mortal task of the matrix on Node.js: dies in its first life, as its args say.
 */
import type { Kind } from "../../unit/manager/supervise/matrix.js";
import { liveOrDie } from "../../unit/manager/supervise/first-life.js";

function overflow(depth: number): number {
  return overflow(depth + 1) + 1;
}

function eat(): void {
  const eaten: unknown[] = [];
  for (;;) eaten.push(Array.from({ length: 1_000 }, () => eaten.length));
}

const ACTIONS: Readonly<Record<Kind, () => void>> = {
  throw: () => {
    throw new Error("thrown on purpose");
  },
  exit: () => process.exit(3),
  // By the test, from outside.
  kill: () => undefined,
  hang: () => undefined,
  memory: eat,
  "stack overflow": () => void overflow(0),
  // The test breaks the source before the next life.
  "syntax error": () => {
    throw new Error("thrown on purpose");
  },
};

export function main({ kind, others }: { kind: Kind; others: readonly string[] }): void {
  liveOrDie(others, ACTIONS[kind]);
}
