/**
 * The trace points of a task's thread in the tracing build: those of the kernel, and the clock of
 * this host. rollup.config.mjs puts this file in the place of src/kernel/trace/points.ts.
 */
import { attachRing, traceStarted } from "../../../src/kernel/trace/recorder.js";
import { ringOf, type TraceStart } from "../../../src/kernel/trace/ring.js";
import * as L from "../../../src/arena/layout.js";
import { microseconds } from "./clock.js";

export * from "../../../src/kernel/trace/recorder.js";

/** This thread is the incarnation with this pid. */
export function traceAttach({ trace }: Readonly<TraceStart>, pid: number): void {
  if (!trace) return;
  attachRing(ringOf(trace, pid & L.PID_INDEX_MASK), microseconds);
  traceStarted(pid);
}
