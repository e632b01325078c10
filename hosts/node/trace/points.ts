/**
 * The trace points of a task's thread in the tracing build: those of the kernel, and the clock of
 * this host. rollup.config.mjs puts this file in the place of src/kernel/trace/points.ts.
 */
import { attachIncarnation } from "../../../src/kernel/trace/recorder.js";
import type { TraceStart } from "../../../src/kernel/trace/ring.js";
import { microseconds } from "./clock.js";

export * from "../../../src/kernel/trace/recorder.js";

/** This thread is the incarnation with this pid. */
export function traceAttach(start: Readonly<TraceStart>, pid: number): void {
  attachIncarnation(start, pid, microseconds);
}
