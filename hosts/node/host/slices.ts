/**
 * Ends the first slices of sleeps: on Node.js they have no timer, which would cost a twelfth of a
 * message (src/kernel/task/doorbell.ts). A sleep that was there at the last look is woken, so a
 * first slice lasts for one to two times LOOK_MS. From then on that sleep has timers of its own.
 *
 * It only notifies, for which a sleeper must be prepared anyway, and writes nothing. Who can die,
 * be late, or lie:
 * - who looks, is late: the slice is longer. Nothing but the backstop waits for it;
 * - the sleeper is woken, and sleeps again, between the look and the notify: that sleep ends early,
 *   and the task looks once more;
 * - a waker finds nobody, as the slice has just ended: as with any other slice. It has raised the
 *   doorbell before;
 * - a task dies in its sleep: its number stands there until its place has a successor, and nobody
 *   is notified;
 * - a task writes over its own TASK_SLEEP, or TASK_SINCE, while it runs: it announces its next
 *   sleep itself. In TASK_SINCE anything but 0 gives it a timer.
 */
import * as L from "../../../src/arena/layout.js";
import { SLICE_MS } from "../../../src/kernel/task/doorbell.js";

/** How often to look: no slice is longer than SLICE_MS. */
export const LOOK_MS = SLICE_MS / 2;

export class FirstSlices {
  readonly #words: Int32Array;
  /** Of each place: the number of the sleep that it was in at the last look; 0 for none. */
  readonly #sleeps: Int32Array;

  /** `words` is the arena. */
  constructor(words: Int32Array) {
    this.#words = words;
    this.#sleeps = new Int32Array(words[L.HEAD_PLACES]!);
  }

  /** Ends the first slice of each task that was in the same sleep at the last look. */
  look(): void {
    const words = this.#words;
    // Not main, which says that it is asleep always, and does not wait.
    for (let place = 1; place < this.#sleeps.length; place++) {
      const task = L.TASKS_AT + (place << L.TASK_SHIFT);
      const sleep = Atomics.load(words, task + L.TASK_SLEEP);
      const isFirst = words[task + L.TASK_SINCE] === 0;
      if (sleep !== 0 && isFirst && sleep === this.#sleeps[place]) {
        Atomics.notify(words, task + L.TASK_BELL, 1);
      }
      this.#sleeps[place] = sleep;
    }
  }
}
