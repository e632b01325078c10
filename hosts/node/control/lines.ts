/**
 * Cuts what arrives on a connection into lines, with a bound on what it keeps.
 */

/** A line whose beginning is not kept, because it is longer than allowed. */
export const TOO_LONG = null;

export class LineReader {
  readonly #max: number;
  #start = "";
  #isTooLong = false;

  /** `max` is the longest line, in UTF-16 units; Infinity for a peer that is trusted. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Is there a line that has begun and not ended? */
  get isInside(): boolean {
    return this.#start !== "" || this.#isTooLong;
  }

  /** Takes the next piece. Returns the lines that end in it, TOO_LONG in place of each such one. */
  push(piece: string): (string | typeof TOO_LONG)[] {
    const parts = piece.split("\n");
    const rest = parts.pop()!;
    const lines = parts.map((part) => {
      this.#take(part);
      const line = this.#isTooLong ? TOO_LONG : this.#start;
      this.#start = "";
      this.#isTooLong = false;
      return line;
    });
    this.#take(rest);
    return lines;
  }

  #take(part: string): void {
    if (this.#start.length + part.length > this.#max) this.#isTooLong = true;
    // What is too long is not kept, and its end is waited for: the next line is good again.
    this.#start = this.#isTooLong ? "" : this.#start + part;
  }
}
