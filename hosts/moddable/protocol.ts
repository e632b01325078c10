/**
 * What the main VM tells a worker beside the arena.
 *
 * A worker tells nothing back by message. Moddable's queues are short, a full one blocks for ever
 * in release builds, and what lies in one is used after it is freed when the worker is terminated.
 * The worker's answers are words of the arena: TASK_STAGE, and that of the spares.
 */

/** Everything a worker needs to become a task. The first message. */
export interface StartMessage {
  readonly arena: SharedArrayBuffer;
  /** 0 for a worker that stands by until it is called. */
  readonly pid: number;
  /** The task's index in the arena. */
  readonly place: number;
  readonly name: string;
  /** Name of the module that is its program. */
  readonly module: string;
  readonly args: unknown;
  readonly spinMax: number;
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
