/**
 * What a task asks about itself.
 */
import * as L from "./layout.js";
import { layout, me, pid, port, requireAttached, words } from "./state.js";
import type { Limits } from "./config.js";

/** This task's pid. A restarted task has another one than its predecessor. Does not block. */
export function getpid(): number {
  requireAttached("getpid");
  return pid;
}

/** The priority this task runs at now: its own, or that of the message it received last. */
export function getprio(): number {
  requireAttached("getprio");
  return words[me + L.TASK_PRIORITY];
}

/** The limits of this system: for the size of buffers, above all `messageBytes`. */
export function systemLimits(): Readonly<Limits> {
  requireAttached("systemLimits");
  return layout.limits;
}

/** Milliseconds, with fractions, on a clock that all tasks of the system share. Does not block. */
export function uptime(): number {
  requireAttached("uptime");
  return port.now() - words[L.HEAD_BOOT_MS];
}
