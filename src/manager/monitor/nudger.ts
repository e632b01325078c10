/**
 * Nudges: how a task that sits in its event loop, and does not pass through the kernel, shows that
 * it is well. It is sent a message and answers by a word of the arena, from its event loop; one
 * that loops does not come to read it.
 *
 * Not a timer in the task: an idle board shall not wake for it, and Moddable's simulator for Linux
 * runs the timers of a worker in the main thread, beside the worker's own code. A task that has not
 * answered is not sent another: on a device a full queue blocks the sender for ever.
 */
import { PID_INDEX_MASK } from "../../arena/layout.js";
import type { Vitals } from "../../kernel/inspect/vitals.js";

/** Who sends them. */
export interface NudgePort {
  /** Has the event loop of the task at this place answer. Does not block. */
  nudge(place: number): void;
}

export class Nudger {
  readonly #port: NudgePort;
  /** Of each place: who was sent the last one, and what its answer looks like. */
  readonly #pid: Int32Array;
  readonly #answer: Uint8Array;

  constructor(places: number, port: NudgePort) {
    this.#port = port;
    this.#pid = new Int32Array(places);
    this.#answer = new Uint8Array(places);
  }

  /** Nudges a task that is in its event loop, unless it owes an answer. */
  nudge(pid: number, { isInLoop, isNudged }: Vitals): void {
    if (!isInLoop) return;
    const place = pid & PID_INDEX_MASK;
    const last = isNudged ? 1 : 0;
    if (this.#pid[place] === pid && this.#answer[place] !== last) return;
    this.#pid[place] = pid;
    this.#answer[place] = 1 - last;
    this.#port.nudge(place);
  }
}
