/**
 * Records of a ring, read: what a reader on any host makes of its words.
 */
import { load } from "../../arena/atomic.js";
import * as R from "./ring.js";

/** A record, decoded. */
export interface TraceEntry {
  /** Place of the task that wrote it. */
  readonly place: number;
  readonly number: number;
  /** On the host's clock. */
  readonly time_us: number;
  /** A KIND_ constant. */
  readonly kind: number;
  /** The other task's place. */
  readonly peer: number;
  readonly value: number;
  /** RECORD_MESSAGE, which says what it is. */
  readonly message: number;
}

/** Makes an entry of the words of a record and the high part of its time. */
export function entryOf(
  place: number,
  number: number,
  high: number,
  time: number,
  what: number,
  message: number,
): TraceEntry {
  return {
    place,
    number: number >>> 0,
    time_us: high * R.TIME_RANGE + (time >>> 0),
    kind: what & R.KIND_MASK,
    peer: (what >>> R.PEER_SHIFT) & R.PEER_MASK,
    value: what >>> R.VALUE_SHIFT,
    message,
  };
}

/** What a look at a ring has found. */
export interface RingNews {
  /** In their order. */
  readonly entries: readonly TraceEntry[];
  /** Records that were overwritten before they were read; all of them come before `entries`. */
  readonly lost: number;
  /** Records that were begun and not finished: their writer died in them. */
  readonly torn: number;
}

/** The words of the records that are there. */
interface Taken {
  readonly number: number;
  readonly time: number;
  readonly what: number;
  readonly message: number;
}

/**
 * Reads a ring while its writer goes on. Whoever it is: a new incarnation takes the ring over and
 * counts on.
 */
export class RingReader {
  readonly #ring: Int32Array;
  readonly #place: number;
  readonly #records: number;
  /** Number of the last record that was read, or given up. */
  #last = 0;
  #high = 0;

  constructor(memory: SharedArrayBuffer, place: number) {
    this.#ring = R.ringOf(memory, place);
    this.#place = place;
    this.#records = this.#ring[R.RING_MASK]! + 1;
  }

  /**
   * What is new since the last call. `isOver`: the writer is gone and nobody follows, so a record
   * that is not finished will not be.
   */
  read(isOver = false): RingNews {
    const { high, last } = this.#ends();
    let lost = this.#skip(last);
    let torn = 0;
    let taken: Taken[] = [];
    while (this.#last !== last) {
      const number = (this.#last + 1) | 0;
      const record = this.#take(number);
      if (record !== null) {
        taken.push(record);
      } else if (this.#isOverwritten(number)) {
        // What was taken before it is older still, and the gap comes before all that is told.
        lost += taken.length + 1;
        taken = [];
      } else if (number === last && !isOver) {
        break;
      } else {
        torn++;
      }
      this.#last = number;
    }
    const entries = this.#date(taken, lost > 0 ? this.#highOf(taken, high) : this.#high);
    return { entries, lost, torn };
  }

  /** The last record, and the high part of the time that belongs to it. */
  #ends(): { readonly high: number; readonly last: number } {
    for (;;) {
      const high = load(this.#ring, R.RING_HIGH);
      const last = load(this.#ring, R.RING_LAST);
      if (load(this.#ring, R.RING_HIGH) === high) return { high, last };
    }
  }

  /** Leaves out what cannot be there any more: how many records. */
  #skip(last: number): number {
    const lost = ((last - this.#last) >>> 0) - this.#records;
    if (lost <= 0) return 0;
    this.#last = (last - this.#records) | 0;
    return lost;
  }

  #take(number: number): Taken | null {
    const ring = this.#ring;
    const at = R.RING_WORDS + ((number & ring[R.RING_MASK]!) << R.RECORD_SHIFT);
    if (load(ring, at) !== number || number === 0) return null;
    const time = load(ring, at + R.RECORD_TIME);
    const what = load(ring, at + R.RECORD_WHAT);
    const message = load(ring, at + R.RECORD_MESSAGE);
    // Again: the writer may have come round, and be writing here.
    return load(ring, at) === number ? { number, time, what, message } : null;
  }

  #isOverwritten(number: number): boolean {
    return (load(this.#ring, R.RING_LAST) - number) >>> 0 >= this.#records;
  }

  /** The high part at the first of these records, when those before it were lost. */
  #highOf(taken: readonly Taken[], high: number): number {
    const clock = taken.find(({ what }) => (what & R.KIND_MASK) === R.KIND_CLOCK);
    return clock === undefined ? high : clock.what >>> R.VALUE_SHIFT;
  }

  #date(taken: readonly Taken[], first: number): TraceEntry[] {
    this.#high = first;
    const entries: TraceEntry[] = [];
    for (const { number, time, what, message } of taken) {
      if ((what & R.KIND_MASK) === R.KIND_CLOCK) this.#high = message;
      else entries.push(entryOf(this.#place, number, this.#high, time, what, message));
    }
    return entries;
  }
}
