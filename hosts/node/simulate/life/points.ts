/**
 * The trace points of a life: those of the kernel, and the messages at which a task stands still
 * for a fault. rollup.config.mjs puts this file in the place of src/kernel/trace/points.ts.
 */
import * as L from "../../../../src/arena/layout.js";
import * as recorder from "../../../../src/kernel/trace/recorder.js";
import { passPoint } from "../../trace/pass-point.js";
import { AT_ANSWER, AT_MESSAGE } from "../../trace/point-words.js";

export * from "../../../../src/kernel/trace/recorder.js";

/** The message of the task `client` has been received. */
export function traceReceive(client: number, bytes: number): void {
  recorder.traceReceive(client, bytes);
  passPoint(AT_MESSAGE, client, bytes);
}

/** The message of the task `client` is to be answered, and nothing of that has happened. */
export function traceAnswer(client: number): void {
  passPoint(AT_ANSWER, client, $words[client + L.SLOT_SENT]!);
}
