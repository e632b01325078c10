/**
 * What happened: a hash over all of it, which two runs with the same seed must share, and the last
 * events, for people. And what must not happen: problems.
 */
import type { Clock } from "./clock.js";

/** Events that are kept for people. */
const LAST = 60;
const PROBLEMS_MAX = 20;

export class Journal {
  /** What went wrong, as sentences with the simulated time. */
  readonly problems: string[] = [];
  readonly #clock: Clock;
  readonly #last: string[] = [];
  readonly #hashes = new Map<string, number>();
  #hash = 0x811c_9dc5;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Stands for all events so far, their times and their order. */
  get hash(): number {
    return this.#hash >>> 0;
  }

  /** The last events, oldest first. */
  get last(): readonly string[] {
    return this.#last;
  }

  note(what: string, value = 0): void {
    this.#mix(Math.round(this.#clock.now_ms * 1_000) | 0);
    this.#mix(this.#hashOf(what));
    this.#mix(value);
    this.#last.push(`${this.#clock.now_ms.toFixed(3)} ${what} ${value}`);
    if (this.#last.length > LAST) this.#last.shift();
  }

  problem(text: string): void {
    this.note("PROBLEM");
    if (this.problems.length >= PROBLEMS_MAX) return;
    this.problems.push(`at ${this.#clock.now_ms.toFixed(3)} ms: ${text}`);
  }

  #mix(value: number): void {
    this.#hash = Math.imul(this.#hash ^ value, 0x0100_0193);
    this.#hash ^= this.#hash >>> 13;
  }

  #hashOf(text: string): number {
    let hash = this.#hashes.get(text);
    if (hash === undefined) {
      hash = 0;
      for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
      this.#hashes.set(text, hash);
    }
    return hash;
  }
}
