/**
 * The highest number that the store was given, as it is committed.
 */
import { stableCommit, stableRead } from "reattach";

export class State {
  readonly #words = new Uint32Array(1);
  readonly #bytes = new Uint8Array(this.#words.buffer);

  constructor() {
    stableRead(this.#bytes);
  }

  /** A client puts them one after the other: one is missing when it was not kept. */
  take(number: number): void {
    const last = this.#words[0]!;
    if (number > last + 1) trace(`lost ${last + 1}\n`);
    this.#words[0] = Math.max(last, number);
  }

  commit(): void {
    stableCommit(this.#bytes, this.#bytes.length);
  }
}
