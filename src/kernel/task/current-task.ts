/**
 * What a task asks about itself.
 */
import { limitsIn } from "../../arena/arena.js";
import { timeSinceBoot } from "../../arena/clock.js";
import * as L from "../../arena/layout.js";
import { requireAttached } from "../../arena/vm.js";
import type { Limits } from "../../arena/limits.js";

/** This task's pid. A restarted task has another one than its predecessor. Does not block. */
export function getpid(): number {
  requireAttached();
  return $vm.pid;
}

/** The priority this task runs at now: its own, or that of the message it received last. */
export function getprio(): number {
  requireAttached();
  return $own[L.TASK_PRIORITY];
}

/** The limits of this system: for the size of buffers, above all `messageBytes`. Allocates. */
export function systemLimits(): Readonly<Limits> {
  requireAttached();
  return limitsIn($words);
}

/**
 * Milliseconds, with fractions, since the board was started: on a clock that all tasks share, and
 * that goes on for as long as the board does. Does not block.
 */
export function uptime(): number {
  requireAttached();
  return timeSinceBoot();
}
