/**
 * The log of one thread on its way to the main thread: a ring of records in shared memory, with one
 * writer, the task, and one reader, the main thread.
 *
 * A ring and not messages: what a task writes faster than the main thread reads would grow without
 * bound, and the main thread would read nothing else. A full ring makes its writer wait a little;
 * when that has not helped, it drops what it writes and counts it, until there is room again. Each
 * thread has its own, so one that is ended in the middle of a write harms no other, and what it
 * wrote before can still be read.
 *
 * WRITTEN, DROPPED and the records are the writer's; TAKEN is the reader's. The reader trusts
 * nothing in it: a program can reach the memory of its own thread.
 */
import { LOG_LEVELS, type LogLevel } from "./line.js";

/** Bytes of records: a screen or two of stacks, some 600 lines of 100 characters. */
const CAPACITY = 0x1_0000;
/** The longest text of one record. Longer ones are cut, and say so. */
const TEXT_BYTES_MAX = 0x4000;
/** How long a writer waits for room before it drops. Less than anybody takes for a hang. */
const PATIENCE_MS = 50;

/** Words of the head. Both counts are bytes since the start, modulo 2^32: differences count. */
const WRITTEN = 0;
const TAKEN = 1;
/** Lines that were dropped and have not been told yet. */
const DROPPED = 2;
/** 1 from the writer's call of `tell` until the reader's next look. */
const TOLD = 3;
const HEAD_WORDS = 16;
const HEAD_BYTES = HEAD_WORDS * Int32Array.BYTES_PER_ELEMENT;

/** A record: bytes of its text and its kind in two words, the time in two more, then the text. */
const RECORD_HEAD_BYTES = 16;
const RECORD_ALIGN = 8;
/** Kinds beyond the levels. The text of KIND_DROPPED is how many lines; KIND_SKIP has none. */
const KIND_DROPPED = LOG_LEVELS.length;
/** The rest of the ring up to its end is not used: the next record begins at its start. */
const KIND_SKIP = LOG_LEVELS.length + 1;

/** What the reader finds. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly time_ms: number;
  readonly text: string;
}

/** Memory for the ring of one thread. */
export function createRing(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEAD_BYTES + CAPACITY);
}

/** "… 1 line dropped", or how many. */
export function droppedText(count: number): string {
  return `… ${count.toLocaleString("en-US")} ${count === 1 ? "line" : "lines"} dropped`;
}

/** What both ends see of a ring. */
class RingView {
  readonly head: Int32Array;
  readonly bytes: Buffer;
  readonly words: Int32Array;
  readonly times: Float64Array;

  constructor(memory: SharedArrayBuffer) {
    this.head = new Int32Array(memory, 0, HEAD_WORDS);
    this.bytes = Buffer.from(memory, HEAD_BYTES, CAPACITY);
    this.words = new Int32Array(memory, HEAD_BYTES, CAPACITY / Int32Array.BYTES_PER_ELEMENT);
    this.times = new Float64Array(memory, HEAD_BYTES, CAPACITY / Float64Array.BYTES_PER_ELEMENT);
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / RECORD_ALIGN) * RECORD_ALIGN;
}

/** The task's end. */
export class RingWriter {
  readonly #ring: RingView;
  readonly #tell: () => void;
  readonly #patience_ms: number;
  /** It has waited in vain: no more waiting until there is room again. */
  #isDropping = false;

  /** `tell` is called when the reader is to look, and not again before it has. */
  constructor(memory: SharedArrayBuffer, tell: () => void, patience_ms = PATIENCE_MS) {
    this.#ring = new RingView(memory);
    this.#tell = tell;
    this.#patience_ms = patience_ms;
  }

  /** Writes a line. Blocks for 50 ms at most, when the reader is behind. */
  write(level: LogLevel, text: string): void {
    const { head } = this.#ring;
    const bytes = Buffer.from(cut(text));
    const dropped = Atomics.load(head, DROPPED);
    if (!this.#makeRoom(bytes.length, dropped > 0)) {
      Atomics.add(head, DROPPED, 1);
      this.#tellReader();
      return;
    }
    if (dropped > 0) this.#tellDropped();
    this.#put(LOG_LEVELS.indexOf(level), bytes);
    this.#tellReader();
  }

  /** The reader may take the count at the same moment: then there is nothing to tell. */
  #tellDropped(): void {
    const count = Atomics.exchange(this.#ring.head, DROPPED, 0);
    if (count > 0) this.#put(KIND_DROPPED, Buffer.from(String(count)));
  }

  #tellReader(): void {
    if (Atomics.exchange(this.#ring.head, TOLD, 1) === 0) this.#tell();
  }

  #makeRoom(textBytes: number, isAfterDrop: boolean): boolean {
    // A record that would not end before the ring does begins at its start: at most as much again.
    const record = aligned(RECORD_HEAD_BYTES + textBytes);
    const needed = 2 * record + (isAfterDrop ? 4 * RECORD_HEAD_BYTES : 0);
    const { head } = this.#ring;
    const until = performance.now() + (this.#isDropping ? 0 : this.#patience_ms);
    for (;;) {
      const taken = Atomics.load(head, TAKEN);
      if (CAPACITY - ((Atomics.load(head, WRITTEN) - taken) >>> 0) >= needed) {
        this.#isDropping = false;
        return true;
      }
      const left_ms = until - performance.now();
      if (left_ms <= 0) break;
      Atomics.wait(head, TAKEN, taken, left_ms);
    }
    this.#isDropping = true;
    return false;
  }

  /** There is room. */
  #put(kind: number, text: Uint8Array): void {
    const { head, bytes, words, times } = this.#ring;
    const length = aligned(RECORD_HEAD_BYTES + text.length);
    let written = Atomics.load(head, WRITTEN);
    let at = (written >>> 0) % CAPACITY;
    if (at + length > CAPACITY) {
      words[at / 4] = 0;
      words[at / 4 + 1] = KIND_SKIP;
      written += CAPACITY - at;
      at = 0;
    }
    words[at / 4] = text.length;
    words[at / 4 + 1] = kind;
    times[at / 8 + 1] = Date.now();
    bytes.set(text, at + RECORD_HEAD_BYTES);
    // Published last: the reader sees all of a record, or nothing of it.
    Atomics.store(head, WRITTEN, (written + length) | 0);
  }
}

/** At most TEXT_BYTES_MAX in UTF-8, which has up to three bytes for a UTF-16 unit. */
function cut(text: string): string {
  if (text.length * 3 <= TEXT_BYTES_MAX || Buffer.byteLength(text) <= TEXT_BYTES_MAX) return text;
  const kept = Math.floor(TEXT_BYTES_MAX / 3) - 40;
  const more = (text.length - kept).toLocaleString("en-US");
  return `${text.slice(0, kept)} … ${more} characters more`;
}

/** The main thread's end. */
export class RingReader {
  readonly #ring: RingView;
  /** Nothing more is read of a ring that no writer of ours has left so. */
  #isDamaged = false;

  constructor(memory: SharedArrayBuffer) {
    this.#ring = new RingView(memory);
  }

  /** From now on the writer tells again. Call it before the first take() of a look. */
  listen(): void {
    Atomics.store(this.#ring.head, TOLD, 0);
  }

  /** Takes the next record, or the count of dropped lines once that is all; null for nothing. */
  take(): LogRecord | null {
    const { head, words } = this.#ring;
    for (;;) {
      const taken = Atomics.load(head, TAKEN);
      const there = (Atomics.load(head, WRITTEN) - taken) >>> 0;
      if (this.#isDamaged) return null;
      if (there === 0) return this.#takeDropped();
      const at = (taken >>> 0) % CAPACITY;
      const kind = words[at / 4 + 1]!;
      const textBytes = words[at / 4]! >>> 0;
      const isSkip = kind === KIND_SKIP;
      const length = isSkip ? CAPACITY - at : aligned(RECORD_HEAD_BYTES + textBytes);
      if (there > CAPACITY || length > there || at % RECORD_ALIGN !== 0) {
        this.#isDamaged = true;
        return { level: "warn", time_ms: Date.now(), text: "… the log was damaged by its task" };
      }
      const record = isSkip ? null : this.#read(at, kind, textBytes);
      this.#free(taken + length);
      if (record !== null) return record;
    }
  }

  #read(at: number, kind: number, textBytes: number): LogRecord {
    const { bytes, times } = this.#ring;
    const start = at + RECORD_HEAD_BYTES;
    const text = bytes.toString("utf8", start, start + textBytes);
    const time_ms = times[at / 8 + 1]!;
    if (kind === KIND_DROPPED) return { level: "warn", time_ms, text: droppedText(Number(text)) };
    return { level: LOG_LEVELS[kind] ?? "error", time_ms, text };
  }

  #takeDropped(): LogRecord | null {
    const { head } = this.#ring;
    if (Atomics.load(head, DROPPED) === 0) return null;
    const count = Atomics.exchange(head, DROPPED, 0);
    if (count <= 0) return null;
    return { level: "warn", time_ms: Date.now(), text: droppedText(count) };
  }

  #free(taken: number): void {
    Atomics.store(this.#ring.head, TAKEN, taken | 0);
    Atomics.notify(this.#ring.head, TAKEN);
  }
}
