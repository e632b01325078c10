/**
 * The trace points of a device in the tracing build: those of the kernel, and the way of the
 * rings from the main VM to the tasks. rollup.config.mjs puts this file in the place of
 * src/kernel/trace/points.ts.
 */
import { attachIncarnation, attachRing } from "../../../src/kernel/trace/recorder.js";
import { createRings, ringOf, type TraceStart } from "../../../src/kernel/trace/ring.js";

export * from "../../../src/kernel/trace/recorder.js";

/** Place of the main VM. */
const MAIN = 0;

declare global {
  /** The rings, in the main VM. */
  // oxlint-disable-next-line no-var
  var $rings: SharedArrayBuffer;
  /** What prints them before the board restarts, if the application has asked for it (print.ts). */
  // oxlint-disable-next-line no-var
  var $printTrace: (() => void) | undefined;
}

/** Makes the rings; the main VM has the first. */
export function traceCreate(places: number, records: number | undefined): void {
  globalThis.$rings = createRings(places, records ?? 0);
  attachRing(ringOf($rings, MAIN));
}

/** Whatever comes of it, the board restarts. */
export function traceRestart(): void {
  try {
    globalThis.$printTrace?.();
  } catch (error) {
    trace(`reattach: the trace cannot be printed: ${String(error)}\n`);
  }
}

/** The rings go to the tasks with what they are started with. */
export function traceLend(start: object): void {
  (start as TraceStart).trace = $rings;
}

/** This VM is the incarnation with this pid. */
export function traceAttach(start: Readonly<TraceStart>, pid: number): void {
  attachIncarnation(start, pid);
}
