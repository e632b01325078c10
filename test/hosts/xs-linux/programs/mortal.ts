/**
 * The mortal task of the matrix on XS: dies in its first life, as its args say.
 */
import { stableCommit, stableRead } from "reattach";
import type { Kind } from "../../../unit/manager/supervise/matrix.js";
import { liveOrDie } from "../../../unit/manager/supervise/first-life.js";

/** Lives that a program which cannot be loaded again has had: it is corrected after the second. */
const LIVES = 2;

function overflow(depth: number): number {
  return overflow(depth + 1) + 1;
}

function fillMemory(): void {
  const hoard: unknown[] = [];
  for (;;) hoard.push(new Uint8Array(256));
}

function throwOnPurpose(): never {
  throw new Error("thrown on purpose");
}

/** A program that is right, then wrong, then right. */
function failOnSecondLife(): void {
  const lives = new Uint8Array(1);
  if (stableRead(lives) === 0 || lives[0]! >= LIVES) return;
  lives[0] = LIVES;
  stableCommit(lives, 1);
  throw new SyntaxError("it cannot be loaded");
}

export function main({ kind, others }: { kind: Kind; others: readonly string[] }): unknown {
  if (kind === "syntax error") failOnSecondLife();
  return liveOrDie(others, () => {
    if (kind === "memory") fillMemory();
    else if (kind === "stack overflow") overflow(0);
    // Others are killed or made to hang by main.
    else if (kind !== "kill" && kind !== "hang") throwOnPurpose();
  });
}
