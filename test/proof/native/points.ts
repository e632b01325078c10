/**
 * The trace points that record, for a VM whose ring compare.ts has made: see trace-hook.mjs.
 */
export * from "../../../src/kernel/trace/recorder.js";

/** What a host does with rings is not for this test. */
export function traceCreate(): void {}
export function traceLend(): void {}
export function traceAttach(): void {}
