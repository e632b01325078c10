/**
 * What the main VM tells a worker beside the arena.
 *
 * A worker tells nothing back by message. Moddable's queues are short, a full one blocks for ever
 * in release builds, and what lies in one is used after it is freed when the worker is terminated.
 * The worker's answers are words of the arena: TASK_STAGE, and that of the spares.
 */

import type { TraceStart } from "../../src/kernel/trace/ring.js";

/**
 * Everything a worker needs to become a task. The first message. It is in use as long as main()
 * runs, so nothing is in it that the worker finds elsewhere.
 */
export interface StartMessage extends Readonly<TraceStart> {
  readonly arena: SharedArrayBuffer;
  /** Of one that stands by until it is called, the negative index of its task in the arena. */
  readonly pid: number;
  readonly name: string;
  /** Name of the module that is its program. */
  readonly module: string;
  readonly args?: unknown;
}

/** Leave: for a task that is idle in its event loop and does not pass through the kernel. */
export interface StopMessage {
  readonly stop: true;
}

/** To a worker that stands by: be the incarnation with this pid now. */
export interface CallMessage {
  readonly call: number;
}

/**
 * Show that the event loop goes round (src/manager/monitor/nudger.ts). A number: sending it makes
 * nothing new in either VM.
 */
export const NUDGE = 1;

export type HostMessage = StartMessage | StopMessage | CallMessage | typeof NUDGE;
