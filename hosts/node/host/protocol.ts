/**
 * What the main thread and a worker tell each other beside the arena: types only.
 */

import type { DeathCause } from "../../../src/manager/status.js";
import type { SeatStart } from "../hardware/wire/protocol.js";

/** What a worker is started with. */
export interface WorkerStart {
  readonly arena: SharedArrayBuffer;
  /** 0 for a thread that stands by until it is called. */
  readonly pid: number;
  readonly name: string;
  /** `data:` URL of the task's program. */
  readonly program: string;
  /** One that stands by: is its program loaded only when it is called, in an attached thread? */
  readonly loadsLate: boolean;
  /** One word: the pid that a thread which stands by is called with; it sleeps on it. */
  readonly called: Int32Array;
  readonly args: unknown;
  /** What the thread writes its log into (log/ring.ts). */
  readonly log: SharedArrayBuffer;
  readonly spinMax: number | undefined;
  /** The guardian's thread ends the first slices of its sleeps (slices.ts). */
  readonly isGuarded: boolean;
  /** The rings of messages; null where nothing is traced. */
  readonly trace: SharedArrayBuffer | null;
  /** What is noted beside them (trace/details.ts); null where nothing is traced. */
  readonly details: SharedArrayBuffer | null;
  /** The points of messages where faults strike (faults/); null where nothing is traced. */
  readonly points: SharedArrayBuffer | null;
  /** Its seat at the simulated board; null where none is described. */
  readonly hardware: SeatStart | null;
}

/** What a worker tells the main thread. */
export type WorkerMessage =
  /** There is something in its log. Not sent again before that has been looked at. */
  | { readonly type: "log" }
  /** It stands by, and is to load its program when it is called. */
  | { readonly type: "waits" }
  /** The program is loaded: main() is about to be called, or the thread stands by. */
  | { readonly type: "loaded" }
  /** It stands still where a fault is to strike: at this point of a message. */
  | { readonly type: "point"; readonly point: number }
  /** The task's last act: what it threw. */
  | { readonly type: "threw"; readonly cause: DeathCause; readonly text: string }
  /** The task obeyed the order to stop. */
  | { readonly type: "stopped" };

/** What the main thread tells a worker. */
export type HostMessage =
  /** Leave: for a task that is idle in its event loop and does not pass through the kernel. */
  | { readonly type: "stop" }
  /** Show that the event loop goes round (src/manager/monitor/nudger.ts). */
  | { readonly type: "nudge" }
  /** Do what TASK_POISON says: for a task that is idle in its event loop. */
  | { readonly type: "look" };
