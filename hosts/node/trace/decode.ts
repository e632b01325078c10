/**
 * Records out of a log: lines that a board has printed (src/kernel/trace/lines.ts), among whatever
 * else it has, into the same events as those of a traced run.
 */
import type { TraceEntry } from "../../../src/kernel/trace/entry.js";
import { LINE_MARK, LINE_RECORD, LINE_RING, sumOf } from "../../../src/kernel/trace/lines.js";
import { PerfettoEvents, type Emit } from "./perfetto.js";
import { Timeline } from "./timeline.js";

/** As much of a line as is ours: what stands in front of it is a log's. */
const LINE = new RegExp(`${LINE_MARK} ((${LINE_RING}|${LINE_RECORD}) [^\\r\\n]*) (\\d+)\\s*$`);
const DIGITS = /^-?\d+$/;
const RECORD_WORDS = 7;
const RING_WORDS = 4;

/** What a ring says of itself. */
interface Ring {
  readonly name: string;
  readonly lost: number;
  readonly torn: number;
}

/** What was found in a log. */
export interface Decoded {
  readonly records: number;
  /** Lines of ours that cannot be read: characters of them are lost. */
  readonly damaged: number;
  /** Records that were printed more than once count once. */
  readonly repeated: number;
}

/** The first record of its ring that need not wait for another; 0 when all of them should. */
function firstReady(entries: readonly TraceEntry[], timeline: Timeline): number {
  const before = new Set<number>();
  const ready = entries.findIndex((entry) => {
    const isFirst = !before.has(entry.place);
    before.add(entry.place);
    return isFirst && !timeline.isEarly(entry);
  });
  return Math.max(0, ready);
}

/** Tells records, which are in the order of their times; those with the same time see above. */
function tellAll(entries: readonly TraceEntry[], timeline: Timeline): void {
  const same: TraceEntry[] = [];
  const tellSame = (): void => {
    while (same.length > 0) timeline.tell(same.splice(firstReady(same, timeline), 1)[0]!);
  };
  for (const entry of entries) {
    if (same.length > 0 && same[0]!.time_us !== entry.time_us) tellSame();
    same.push(entry);
  }
  tellSame();
}

/** Reads lines, and tells their records. */
export class Decoder {
  readonly #rings = new Map<number, Ring>();
  readonly #entries = new Map<string, TraceEntry>();
  #damaged = 0;
  #repeated = 0;

  /** One line of a log; what is not ours is ignored. */
  read(line: string): void {
    if (!line.includes(LINE_MARK)) return;
    const [, text = "", kind, sum] = LINE.exec(line) ?? [];
    const [, ...words] = text.split(" ");
    const isWhole = text !== "" && sumOf(text) === Number(sum);
    if (!isWhole || !(kind === LINE_RING ? this.#readRing(words) : this.#readRecord(words))) {
      this.#damaged++;
    }
  }

  /** Tells all that was read. Times begin with the first record. */
  tell(emit: Emit): Decoded {
    const entries = [...this.#entries.values()].sort(
      (a, b) => a.time_us - b.time_us || a.place - b.place || a.number - b.number,
    );
    const origin_us = entries[0]?.time_us ?? 0;
    const names = this.#names(entries);
    const timeline = new Timeline(new PerfettoEvents(emit, origin_us), names, origin_us);
    for (const [place, { lost, torn }] of this.#rings) {
      const first = entries.find((each) => each.place === place);
      if (lost > 0 || torn > 0) timeline.gap(place, first?.time_us ?? origin_us, lost, torn);
    }
    const end_us = entries.at(-1)?.time_us ?? origin_us;
    tellAll(entries, timeline);
    timeline.close(end_us);
    return { records: this.#entries.size, damaged: this.#damaged, repeated: this.#repeated };
  }

  #readRing(words: readonly string[]): boolean {
    const [place = "", name = "", lost = "", torn = ""] = words;
    if (words.length !== RING_WORDS || ![place, lost, torn].every((word) => DIGITS.test(word))) {
      return false;
    }
    this.#rings.set(Number(place), { name, lost: Number(lost), torn: Number(torn) });
    return true;
  }

  #readRecord(words: readonly string[]): boolean {
    if (words.length !== RECORD_WORDS || !words.every((word) => DIGITS.test(word))) return false;
    const numbers = words.map(Number);
    const [place, number, time_us, kind, peer, value, message] = numbers as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const key = `${place} ${number} ${time_us}`;
    if (this.#entries.has(key)) this.#repeated++;
    this.#entries.set(key, { place, number, time_us, kind, peer, value, message });
    return true;
  }

  /** By place: the highest one that anything is known of is the last. */
  #names(entries: readonly TraceEntry[]): string[] {
    const places = [
      0,
      ...this.#rings.keys(),
      ...entries.flatMap(({ place, peer }) => [place, peer]),
    ];
    const most = places.reduce((max, place) => Math.max(max, place));
    return Array.from({ length: most + 1 }, (_, place) => {
      return this.#rings.get(place)?.name ?? (place === 0 ? "main" : `task ${place}`);
    });
  }
}
