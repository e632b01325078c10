/**
 * Sleeps that miss their wake-up, as they do on XS 8.2.3: the doorbell is compared, then somebody
 * rings and finds nobody in the queue, and then the sleeper is queued. What ends such a sleep is
 * its slice.
 *
 * On V8 that does not happen by itself. In the tracing build doorbell.ts sleeps with the wait() of
 * this file (rollup.config.mjs), which does it when it is told to.
 */
import * as L from "../../../src/arena/layout.js";

/** How often one that is not queued looks at its doorbell. */
const LOOK_MS = 1;
/** Longer than a waker notifies again whom it does not find (RENOTIFY_MS in doorbell.ts). */
const UNTIL_GIVEN_UP_MS = 3;

/** Nobody notifies it. */
const pillow = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

let isToLose = false;

/** The next wake-up of this thread is lost. */
export function loseWakeUp(): void {
  isToLose = true;
}

/** Atomics.wait, which may lose the wake-up by a doorbell. */
export function wait(words: Int32Array, at: number, value: number, ms: number): string {
  if (!isToLose || at !== L.TASK_BELL) return Atomics.wait(words, at, value, ms);
  if (Atomics.load(words, at) !== value) return "not-equal";
  for (let looks = 0; Atomics.load(words, at) === value; looks++) {
    // Nobody has rung: there was nothing to lose.
    if (looks * LOOK_MS >= ms) return "timed-out";
    Atomics.wait(pillow, 0, 0, LOOK_MS);
  }
  Atomics.wait(pillow, 0, 0, UNTIL_GIVEN_UP_MS);
  isToLose = false;
  return Atomics.wait(words, at, Atomics.load(words, at), ms);
}
