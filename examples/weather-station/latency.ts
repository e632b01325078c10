/**
 * A histogram of round trips that needs no memory but its buckets: 16 to each power of two, so a
 * quantile is right to about 4 %.
 */

const STEPS = 16;
const OCTAVES = 24;
/** The finest bucket: a sixteenth of a microsecond. */
const UNIT_US = 1 / 16;

export class Latency {
  readonly #buckets = new Int32Array(STEPS * OCTAVES);
  #count = 0;

  /** Adds one round trip, in milliseconds. */
  add(ms: number): void {
    const units = Math.max(1, (ms * 1000) / UNIT_US);
    const bucket = Math.floor(Math.log2(units) * STEPS);
    this.#buckets[Math.min(bucket, this.#buckets.length - 1)]! += 1;
    this.#count++;
  }

  /** The round trip that this part (0..1) of all did not exceed, in whole microseconds. */
  quantile(part: number): number {
    let left = part * this.#count;
    for (let bucket = 0; bucket < this.#buckets.length; bucket++) {
      left -= this.#buckets[bucket]!;
      if (left <= 0) return Math.round(2 ** ((bucket + 0.5) / STEPS) * UNIT_US);
    }
    return 0;
  }
}
