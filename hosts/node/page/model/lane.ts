/**
 * What one task was in over the last minute: a ring of segments, each a state and whom it waited
 * for.
 *
 * States are samples. Between two looks a task may have been in any other one; a segment that lasts
 * is a fact, and of short ones only their shares are. Memory is bounded by the ring: nothing is
 * allocated for a sample.
 */
import type { WatchedState } from "../../watch/protocol.js";
import { STATE_NAMES } from "./states.js";

/** Segments of one lane: a minute of samples every 10 ms, each another one. */
const SEGMENTS_MAX = 6000;

/** One stretch of time in one state. */
export interface Segment {
  readonly from_ms: number;
  readonly to_ms: number;
  readonly state: WatchedState;
  /** Whom it waits for or recovers from; "" where there is nobody. */
  readonly peer: string;
}

const CODES = new Map(STATE_NAMES.map((name, code) => [name, code]));

export class Lane {
  readonly #starts = new Float64Array(SEGMENTS_MAX);
  readonly #codes = new Uint8Array(SEGMENTS_MAX);
  readonly #peers = new Uint16Array(SEGMENTS_MAX);
  /** Names of peers by number; they are the tasks of one board, so they are few. */
  readonly #names: string[] = [""];
  #first = 0;
  #count = 0;
  #end_ms = 0;

  /** Up to when the lane is known. */
  get end_ms(): number {
    return this.#end_ms;
  }

  /** From when on. */
  get begin_ms(): number {
    return this.#count === 0 ? 0 : this.#starts[this.#first]!;
  }

  /**
   * Says what the task was in from `from_ms` to `to_ms`. What nobody looked at before stays as it
   * was; what is older than the end of the lane is passed over.
   */
  add(from_ms: number, to_ms: number, state: WatchedState, peer: string): void {
    if (to_ms <= this.#end_ms && this.#count > 0) return;
    const code = CODES.get(state) ?? 0;
    const number = this.#numberOf(peer);
    const last = (this.#first + this.#count - 1) % SEGMENTS_MAX;
    const isSame = this.#count > 0 && this.#codes[last] === code && this.#peers[last] === number;
    if (!isSame) {
      const at = (this.#first + this.#count) % SEGMENTS_MAX;
      if (this.#count === SEGMENTS_MAX) this.#first = (this.#first + 1) % SEGMENTS_MAX;
      else this.#count++;
      this.#starts[at] = this.#count === 1 ? from_ms : Math.max(from_ms, this.#end_ms);
      this.#codes[at] = code;
      this.#peers[at] = number;
    }
    this.#end_ms = to_ms;
  }

  /** The segment at a moment; the last one from its end on, null before the first. */
  at(ms: number): Segment | null {
    const index = this.#find(ms);
    return index < 0 ? null : this.#segment(index);
  }

  /** Calls `visit` for each segment that overlaps the span, the oldest first. */
  forEach(from_ms: number, to_ms: number, visit: (segment: Segment) => void): void {
    for (let i = Math.max(0, this.#find(from_ms)); i < this.#count; i++) {
      const segment = this.#segment(i);
      if (segment.from_ms >= to_ms) return;
      if (segment.to_ms > from_ms) visit(segment);
    }
  }

  /** Adds to `shares`, by the code of each state, the milliseconds of the span spent in it. */
  addShares(from_ms: number, to_ms: number, shares: Float64Array): void {
    for (let i = Math.max(0, this.#find(from_ms)); i < this.#count; i++) {
      const start = this.#startOf(i);
      if (start >= to_ms) return;
      const end = i + 1 < this.#count ? this.#startOf(i + 1) : this.#end_ms;
      const overlap = Math.min(end, to_ms) - Math.max(start, from_ms);
      if (overlap > 0) shares[this.#codes[(this.#first + i) % SEGMENTS_MAX]!]! += overlap;
    }
  }

  #numberOf(peer: string): number {
    const known = this.#names.indexOf(peer);
    return known >= 0 ? known : this.#names.push(peer) - 1;
  }

  #startOf(index: number): number {
    return this.#starts[(this.#first + index) % SEGMENTS_MAX]!;
  }

  #segment(index: number): Segment {
    const at = (this.#first + index) % SEGMENTS_MAX;
    return {
      from_ms: this.#starts[at]!,
      to_ms: index + 1 < this.#count ? this.#startOf(index + 1) : this.#end_ms,
      state: STATE_NAMES[this.#codes[at]!]!,
      peer: this.#names[this.#peers[at]!]!,
    };
  }

  /** Index of the last segment that begins at or before this moment, -1 when there is none. */
  #find(ms: number): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#startOf(middle) <= ms) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
