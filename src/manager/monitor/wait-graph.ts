/**
 * Who waits for whom: from a task that waits for an answer to the one that all wait for.
 *
 * The tasks run while this looks at them, so a cycle of waiting tasks that it finds may never have
 * been there as a whole. Nobody is blamed for one look: heartbeat.ts compares two, a period apart.
 */
import * as L from "../../arena/layout.js";
import type { Vitals } from "../../kernel/inspect/vitals.js";

/** A chain is never longer than there are places for tasks. */
export const CHAIN_MAX = L.PID_INDEX_MASK + 1;

export interface Chain {
  /** The task at the end, which waits for nobody; 0 when it has just died, or there is no end. */
  end: number;
  /** The chain leads back to its beginning: it has no end. */
  isRing: boolean;
  /** A task of a ring that the chain leads into from outside; 0 for none. */
  member: number;
}

export function createChain(): Chain {
  return { end: 0, isRing: false, member: 0 };
}

/** Follows the chain from the task `start`. `vitals` is room for looks. */
export function followChain(
  look: (pid: number, into: Vitals) => boolean,
  start: number,
  vitals: Vitals,
  into: Chain,
): void {
  into.end = 0;
  into.isRing = false;
  into.member = 0;
  let pid = start;
  for (let i = 0; i < CHAIN_MAX; i++) {
    if (!look(pid, vitals)) return;
    if (vitals.waitsFor === 0) {
      into.end = pid;
      return;
    }
    pid = vitals.waitsFor;
    if (pid === start) {
      into.isRing = true;
      return;
    }
  }
  into.member = pid;
}
