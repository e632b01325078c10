/**
 * Since when a task shows no sign of life, and since when it recovers: for `ps`, which must tell a
 * loop from a task that waits. Known to a look of the lookout.
 */
import type { Vitals } from "../../kernel/inspect/vitals.js";

/** In place of a time: it does not recover. */
const NEVER = -1;

export class Activity {
  /** Of the task at each place: who it is, what had passed, and when that last changed. */
  readonly #pid: Int32Array;
  readonly #signs: Int32Array;
  readonly #sign_ms: Float64Array;
  /** The recovery that it is in, 0 for none, and since when. */
  readonly #recovery: Int32Array;
  readonly #recovery_ms: Float64Array;

  constructor(places: number) {
    this.#pid = new Int32Array(places);
    this.#signs = new Int32Array(places);
    this.#sign_ms = new Float64Array(places);
    this.#recovery = new Int32Array(places);
    this.#recovery_ms = new Float64Array(places).fill(NEVER);
  }

  /** A look at the task at a place. */
  note(place: number, pid: number, vitals: Vitals, now: number): void {
    const { passes, beats, recovery } = vitals;
    const signs = (passes + beats) | 0;
    if (pid !== this.#pid[place] || signs !== this.#signs[place]) this.#sign_ms[place] = now;
    if (recovery === 0) this.#recovery_ms[place] = NEVER;
    else if (recovery !== this.#recovery[place]) this.#recovery_ms[place] = now;
    this.#pid[place] = pid;
    this.#signs[place] = signs;
    this.#recovery[place] = recovery;
  }

  /** For how long the task at a place has shown no sign of life, in milliseconds. */
  silent_ms(place: number, pid: number, now: number): number {
    return this.#pid[place] === pid ? now - this.#sign_ms[place]! : 0;
  }

  /** For how long it has been in its recovery, in milliseconds; 0 for less than a look. */
  recovering_ms(place: number, pid: number, now: number): number {
    const since = this.#recovery_ms[place]!;
    return this.#pid[place] === pid && since !== NEVER ? now - since : 0;
  }
}
