/**
 * What a task's thread notes beside its records, in the simulator's tracing build alone: the first
 * bytes of its messages and of their answers, how long its calls took by connection, and how full
 * its heap is.
 *
 * Each place has a block of its own. Its writer is the VM that lives in the place, as with its ring
 * (src/kernel/trace/ring.ts), and nobody waits for anybody: an entry is stamped with the number of
 * the record of its message, and with 0 while it is being written. Whoever reads it looks at the
 * stamp before and after; an entry of a writer that died in it stays void. Every word is written
 * with a store that keeps its place among the others.
 */
import { load, store } from "../../../src/arena/atomic.js";
import { bucketOf, BUCKETS } from "./buckets.js";

const WORD_BYTES = Int32Array.BYTES_PER_ELEMENT;
const KILOBYTE = 1_024;
/** So much of a message is kept, and of its answer: a message of the default limit is whole. */
export const KEPT_BYTES = 128;
/** Messages of a task whose bytes are kept, at the most. */
export const ENTRIES = 8_192;
const ENTRIES_MIN = 16;
/** Connections of a task whose times are counted; those of others are not. */
const CONNECTIONS = 32;
/** All blocks together. */
const BYTES_MAX = 32 * 1_048_576;

/** Words of the memory before the first block: how many blocks, and entries of each. */
const BLOCKS = 0;
const BLOCK_ENTRIES = 1;
const HEAD_WORDS = 4;

/** Words of a block: entries begun so far, by which the next is found; wraps. */
const LAST = 0;
/** Kilobytes of the heap in use, and of what it may be; 0 while they are not known. */
const HEAP_USED = 1;
const HEAP_MOST = 2;
/** Of each connection: its coid + 1, or 0; where it led to last; its buckets. */
const TRIPS_AT = 4;
const TRIPS_COID = 0;
const TRIPS_SERVER = 1;
const TRIPS_COUNTS = 2;
const TRIPS_WORDS = TRIPS_COUNTS + BUCKETS;
const ENTRIES_AT = TRIPS_AT + CONNECTIONS * TRIPS_WORDS;

/** Words of an entry. Number of the record of the message; 0 for none, and while it is written. */
const STAMP = 0;
const COID = 1;
const BYTES = 2;
/** The same number once the answer is there too. */
const ANSWER_STAMP = 3;
const ANSWER_BYTES = 4;
const KEPT_WORDS = KEPT_BYTES / WORD_BYTES;
const REQUEST_AT = 5;
const ANSWER_AT = REQUEST_AT + KEPT_WORDS;
const ENTRY_WORDS = ANSWER_AT + KEPT_WORDS;

function blockWords(entries: number): number {
  return ENTRIES_AT + entries * ENTRY_WORDS;
}

/** Makes the blocks of a board: fewer entries of each where there are many places. */
export function createDetails(places: number): SharedArrayBuffer {
  let entries = ENTRIES;
  const bytesOf = (): number => (HEAD_WORDS + places * blockWords(entries)) * WORD_BYTES;
  while (bytesOf() > BYTES_MAX && entries > ENTRIES_MIN) entries /= 2;
  const words = new Int32Array(new SharedArrayBuffer(bytesOf()));
  words[BLOCKS] = places;
  words[BLOCK_ENTRIES] = entries;
  return words.buffer as SharedArrayBuffer;
}

/** The words of one block, and how many entries it has, less 1: they are a power of two. */
function blockOf(memory: SharedArrayBuffer, place: number): { words: Int32Array; mask: number } {
  const entries = new Int32Array(memory, 0, HEAD_WORDS)[BLOCK_ENTRIES]!;
  const at = (HEAD_WORDS + place * blockWords(entries)) * WORD_BYTES;
  return { words: new Int32Array(memory, at, blockWords(entries)), mask: entries - 1 };
}

/** Writes the block of the VM that it is made in. Allocates nothing once it is made. */
export class DetailWriter {
  readonly #words: Int32Array;
  readonly #mask: number;
  /** The entry of the message under way; 0 for none. */
  #entry = 0;
  #trips = 0;
  #sent_us = 0;

  /** The next incarnation in its place: its connections are its own. */
  constructor(memory: SharedArrayBuffer, place: number) {
    const { words, mask } = blockOf(memory, place);
    this.#words = words;
    this.#mask = mask;
    for (let i = 0; i < CONNECTIONS; i++) store(words, TRIPS_AT + i * TRIPS_WORDS + TRIPS_COID, 0);
    this.heap(0, 0);
  }

  /** Bytes in use, and the most that may be. */
  heap(used: number, most: number): void {
    store(this.#words, HEAP_USED, Math.ceil(used / KILOBYTE));
    store(this.#words, HEAP_MOST, Math.floor(most / KILOBYTE));
  }

  /**
   * A message is about to be sent on `coid` to `server`: its record has this number and time, and
   * its bytes stand from word `at` of `source` on.
   */
  sent(
    record: number,
    time_us: number,
    coid: number,
    server: number,
    source: Int32Array,
    at: number,
    bytes: number,
  ): void {
    const words = this.#words;
    const last = (load(words, LAST) + 1) | 0;
    const entry = ENTRIES_AT + (last & this.#mask) * ENTRY_WORDS;
    store(words, LAST, last);
    store(words, entry + STAMP, 0);
    store(words, entry + ANSWER_STAMP, 0);
    store(words, entry + COID, coid);
    store(words, entry + BYTES, bytes);
    this.#keep(entry + REQUEST_AT, source, at, bytes);
    store(words, entry + STAMP, record);
    this.#entry = entry;
    this.#sent_us = time_us;
    this.#trips = this.#tripsOf(coid, server);
  }

  /** The call has ended, at this time; with an answer, of which so many bytes were written. */
  returned(time_us: number, isGood: boolean, source: Int32Array, at: number, bytes: number): void {
    const entry = this.#entry;
    // What was never sent ends too.
    if (entry === 0) return;
    this.#entry = 0;
    const words = this.#words;
    if (isGood && this.#trips !== 0) {
      // Times are the low words of the clock: of a call of more than 71 minutes the rest is lost.
      const bucket = this.#trips + TRIPS_COUNTS + bucketOf((time_us - this.#sent_us) >>> 0);
      store(words, bucket, load(words, bucket) + 1);
    }
    if (!isGood) return;
    this.#keep(entry + ANSWER_AT, source, at, bytes);
    store(words, entry + ANSWER_BYTES, bytes);
    store(words, entry + ANSWER_STAMP, load(words, entry + STAMP));
  }

  #keep(to: number, source: Int32Array, at: number, bytes: number): void {
    const kept = Math.min(KEPT_WORDS, (bytes + 3) >> 2);
    for (let i = 0; i < kept; i++) store(this.#words, to + i, source[at + i]!);
  }

  /** The counts of a connection, as begun anew when it leads to another task; 0 for no room. */
  #tripsOf(coid: number, server: number): number {
    const words = this.#words;
    const key = (coid + 1) | 0;
    for (let i = 0; i < CONNECTIONS; i++) {
      const trips = TRIPS_AT + (((coid + i) >>> 0) % CONNECTIONS) * TRIPS_WORDS;
      const found = load(words, trips + TRIPS_COID);
      if (found === key && load(words, trips + TRIPS_SERVER) === server) return trips;
      if (found !== 0 && found !== key) continue;
      for (let n = 0; n < BUCKETS; n++) store(words, trips + TRIPS_COUNTS + n, 0);
      store(words, trips + TRIPS_SERVER, server);
      store(words, trips + TRIPS_COID, key);
      return trips;
    }
    return 0;
  }
}

/** The bytes of a message, as far as they are kept. */
export interface Kept {
  /** All that were sent. */
  readonly bytes: number;
  /** The first of them. */
  readonly kept: Uint8Array;
}

/** What is kept of one message. */
export interface MessageDetails {
  readonly coid: number;
  readonly request: Kept;
  /** null while there is no answer, and for one that ended with an error. */
  readonly answer: Kept | null;
}

/** How full a heap is, in bytes. */
export interface Heap {
  readonly used: number;
  readonly most: number;
}

/** Reads the block of one place, while its writer goes on. */
export class DetailReader {
  readonly #words: Int32Array;
  readonly #mask: number;

  constructor(memory: SharedArrayBuffer, place: number) {
    const { words, mask } = blockOf(memory, place);
    this.#words = words;
    this.#mask = mask;
  }

  /** As the thread has said last; null before it has. */
  heap(): Heap | null {
    const used = load(this.#words, HEAP_USED) * KILOBYTE;
    return used === 0 ? null : { used, most: load(this.#words, HEAP_MOST) * KILOBYTE };
  }

  /** How many calls on a connection took how long; null where they are not counted. */
  trips(coid: number): number[] | null {
    const words = this.#words;
    for (let i = 0; i < CONNECTIONS; i++) {
      const trips = TRIPS_AT + i * TRIPS_WORDS;
      if (load(words, trips + TRIPS_COID) !== ((coid + 1) | 0)) continue;
      return Array.from({ length: BUCKETS }, (_, n) => load(words, trips + TRIPS_COUNTS + n) >>> 0);
    }
    return null;
  }

  /** Where the entries of messages are now, by the numbers of their records. */
  index(): Map<number, number> {
    const index = new Map<number, number>();
    for (let i = 0; i <= this.#mask; i++) {
      const entry = ENTRIES_AT + i * ENTRY_WORDS;
      const stamp = load(this.#words, entry + STAMP);
      if (stamp !== 0) index.set(stamp >>> 0, entry);
    }
    return index;
  }

  /** What the entry says of the message with this record; null when it is another's by now. */
  read(entry: number, record: number): MessageDetails | null {
    const words = this.#words;
    if (load(words, entry + STAMP) >>> 0 !== record) return null;
    const coid = load(words, entry + COID);
    const request = this.#kept(entry + REQUEST_AT, load(words, entry + BYTES));
    const isAnswered = load(words, entry + ANSWER_STAMP) >>> 0 === record;
    const answer = this.#kept(entry + ANSWER_AT, load(words, entry + ANSWER_BYTES));
    // Again: the writer may have come round, and be writing here.
    if (load(words, entry + STAMP) >>> 0 !== record) return null;
    return { coid, request, answer: isAnswered ? answer : null };
  }

  #kept(at: number, bytes: number): Kept {
    const kept = new Uint8Array(Math.min(KEPT_BYTES, bytes >>> 0));
    for (let i = 0; i < kept.length; i++) {
      kept[i] = load(this.#words, at + (i >> 2)) >> (8 * (i & 3));
    }
    return { bytes, kept };
  }
}
