/**
 * What a task says of itself, in one word of its record: TASK_STAGE. Its own VM alone writes it.
 *
 * From the lowest bits on: how far the incarnation is (STAGE_), whether it is in its event loop and
 * which nudge it has answered, the connection that it recovers, and its heartbeats.
 */

/** Stages of an incarnation; 0 while its program is being loaded. */
export const STAGE_MASK = 7;
/** Its main() has been called. */
export const STAGE_RUNNING = 1;
/** It has left, because it was told to. From here on the VM runs none of its code. */
export const STAGE_STOPPED = 2;
/** It threw. */
export const STAGE_THREW = 3;
/** It ran out of memory. */
export const STAGE_MEMORY = 4;
/** It threw, and its buffers say what (kernel/death/last-words.ts). */
export const STAGE_SAID = 5;
/** Its main() has returned, or awaits: what else runs of it is called from its event loop. */
export const STAGE_LOOP = 8;
/** Turns at each nudge of the manager that its event loop has answered. */
export const STAGE_NUDGED = 16;
/** 1 + the index of the connection that is being recovered; 0 while none is. */
export const RECOVERING_SHIFT = 5;
export const RECOVERING_MASK = 0x1fff;
/** It recovers one that it has detached. */
export const RECOVERING_NONE = RECOVERING_MASK;
/** Heartbeats, modulo 2^14: they are only compared with those of a period ago. */
export const BEATS_SHIFT = 18;

function assertStage(holds: boolean, invariant: string): void {
  if (!holds) throw new Error(`stage: ${invariant}`);
}

assertStage(STAGE_SAID <= STAGE_MASK, "stages fit in their bits");
assertStage(STAGE_MASK < STAGE_LOOP, "stages and what else a task says of itself are apart");
assertStage(STAGE_NUDGED >>> RECOVERING_SHIFT === 0, "nudges and recoveries are apart");
assertStage(
  (RECOVERING_MASK << RECOVERING_SHIFT) >>> BEATS_SHIFT === 0,
  "the connection that is recovered and heartbeats are apart",
);
