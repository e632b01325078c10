/**
 * The records of all rings in the order of their times.
 *
 * Rings are read one after the other, while tasks go on. Whatever is older than the moment before
 * the first was read is told; what is younger waits for the next time, as what caused it may stand
 * in a ring that had been read already.
 */
import { RingReader, type TraceEntry } from "../../../src/kernel/trace/entry.js";
import { ringsIn } from "../../../src/kernel/trace/ring.js";
import type { MessageLog } from "./messages.js";
import type { Timeline } from "./timeline.js";

/** Something beside the records that the timeline is told. */
interface Note {
  readonly time_us: number;
  readonly tell: () => void;
}

/** Entries of one ring, and how far they have been told. */
class Queue {
  #entries: readonly TraceEntry[] = [];
  #at = 0;

  get head(): TraceEntry | undefined {
    return this.#entries[this.#at];
  }

  shift(): void {
    this.#at++;
  }

  push(entries: readonly TraceEntry[]): void {
    this.#entries = [...this.#entries.slice(this.#at), ...entries];
    this.#at = 0;
  }
}

export class Merge {
  readonly #timeline: Timeline;
  readonly #messages: MessageLog;
  readonly #readers: readonly RingReader[];
  readonly #queues: readonly Queue[];
  readonly #notes: Note[] = [];

  /** Tells both of them what the rings in this memory hold. */
  constructor(memory: SharedArrayBuffer, timeline: Timeline, messages: MessageLog) {
    const places = Array.from({ length: ringsIn(memory) }, (_, place) => place);
    this.#timeline = timeline;
    this.#messages = messages;
    this.#readers = places.map((place) => new RingReader(memory, place));
    this.#queues = places.map(() => new Queue());
  }

  /** Something that the host knows: `tell` is called when its time has come. */
  note(time_us: number, tell: () => void): void {
    this.#notes.push({ time_us, tell });
  }

  /**
   * Reads the rings and tells what is older than `now_us`, the time before this call. `isOver`:
   * nobody writes any more, and all is told. Returns how many records were lost.
   */
  drain(now_us: number, isOver = false): number {
    let lost = 0;
    this.#readers.forEach((reader, place) => (lost += this.#read(reader, place, now_us, isOver)));
    const until_us = isOver ? Infinity : now_us;
    for (let next = this.#next(until_us); next !== null; next = this.#next(until_us)) next();
    return lost;
  }

  #read(reader: RingReader, place: number, now_us: number, isOver: boolean): number {
    const { entries, lost, torn } = reader.read(isOver);
    const queue = this.#queues[place]!;
    if (lost > 0 || torn > 0) {
      // Of what was read before the gap nothing can be held back for longer.
      for (let { head } = queue; head !== undefined; { head } = queue) {
        this.#tell(head);
        queue.shift();
      }
      const until_us = entries[0]?.time_us ?? now_us;
      this.#timeline.gap(place, until_us, lost, torn);
      if (lost > 0) this.#messages.gap(until_us);
    }
    queue.push(entries);
    return lost;
  }

  /** Tells the oldest of what is left; null when that is too young, or nothing is left. */
  #next(until_us: number): (() => void) | null {
    const oldest = this.#oldest();
    const note = this.#notes[0];
    if (
      note !== undefined &&
      note.time_us <= Math.min(until_us, oldest?.head!.time_us ?? Infinity)
    ) {
      this.#notes.shift();
      return note.tell;
    }
    const head = oldest?.head;
    if (oldest === null || head === undefined || head.time_us > until_us) return null;
    oldest.shift();
    return () => this.#tell(head);
  }

  #tell(entry: TraceEntry): void {
    this.#timeline.tell(entry);
    this.#messages.tell(entry);
  }

  /** Of those with the same time, one that need not wait for another. */
  #oldest(): Queue | null {
    let oldest: Queue | null = null;
    for (const queue of this.#queues) {
      if (queue.head === undefined) continue;
      const before = oldest?.head?.time_us ?? Infinity;
      const isBetter = queue.head.time_us === before && this.#timeline.isEarly(oldest!.head!);
      if (queue.head.time_us < before || isBetter) oldest = queue;
    }
    return oldest;
  }
}
