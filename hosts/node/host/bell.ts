/**
 * Listening to a doorbell in the main thread, which never waits: Atomics.waitAsync.
 */
import * as L from "../../../src/arena/layout.js";

/** Calls `rang` at once, and whenever the doorbell of a place has rung, until it is muted. */
export class Bell {
  readonly #words: Int32Array;
  readonly #place: number;
  readonly #rang: () => void;
  #isMuted = false;

  /** `place` is the address of a task record, whose task has no thread that would sleep on it. */
  constructor(words: Int32Array, place: number, rang: () => void) {
    this.#words = words;
    this.#place = place;
    this.#rang = rang;
    void this.#listen();
  }

  /** It is called no more. */
  mute(): void {
    if (this.#isMuted) return;
    this.#isMuted = true;
    // Wakes the loop, so that it ends.
    Atomics.store(this.#words, this.#place + L.TASK_SLEEP, 0);
    Atomics.add(this.#words, this.#place + L.TASK_BELL, 1);
    Atomics.notify(this.#words, this.#place + L.TASK_BELL);
  }

  async #listen(): Promise<void> {
    const words = this.#words;
    const at = this.#place + L.TASK_BELL;
    while (!this.#isMuted) {
      // Always announced as asleep: who rings it notifies.
      Atomics.store(words, this.#place + L.TASK_SLEEP, 1);
      const seen = Atomics.load(words, at);
      this.#rang();
      const wait = Atomics.waitAsync(words, at, seen);
      if (wait.async) await wait.value;
      else await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
