/**
 * The trace of one run: the last records of each task, and what no task can say of itself, as a
 * file for ui.perfetto.dev. It takes no virtual time and no chance: the run is the same without it.
 */
import { RingReader } from "../../../src/kernel/trace/entry.js";
import { createRings } from "../../../src/kernel/trace/ring.js";
import type { Failure } from "../checks/judge.js";
import type { AppManifest } from "../manifest/read.js";
import { Merge } from "../trace/merge.js";
import { MessageLog } from "../trace/messages.js";
import { namesOf, type Note, noteEvents } from "../trace/notes.js";
import { PerfettoEvents } from "../trace/perfetto.js";
import { Timeline } from "../trace/timeline.js";
import type { TraceFile } from "../trace/trace-file.js";
import type { Simulation } from "./main/simulation.js";

/** Records that are kept of each task: some 700 messages. */
const RECORDS = 4_096;
/** Deaths, faults and the like that are kept. */
const NOTES_MAX = 10_000;

/** What there is when the trace ends. */
interface Taken {
  readonly memory: SharedArrayBuffer;
  readonly notes: readonly TimedNote[];
  readonly at_us: number;
}

interface TimedNote {
  readonly at_us: number;
  readonly note: Note;
}

export class RunTrace {
  /** The rings, for the tasks of the run. */
  readonly memory: SharedArrayBuffer;
  readonly #names: readonly string[];
  /** The trace ends with a failure of this check; null: with any. */
  readonly #until: string | null;
  readonly #notes: TimedNote[] = [];
  #now_us: () => number = () => 0;
  #taken: Taken | null = null;
  #hasFailed = false;

  /** Of a run that is to begin. */
  constructor(manifest: AppManifest, until: string | null) {
    this.#names = namesOf(manifest);
    this.#until = until;
    this.memory = createRings(this.#names.length, RECORDS);
  }

  /** Has it ended with the failure that it is made for? */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** The run has begun. */
  follow(simulation: Simulation): void {
    this.#now_us = () => Math.floor(simulation.moment_ms * 1_000);
    noteEvents(simulation, (note) => this.#note(note));
  }

  struck(fault: string): void {
    this.#note((timeline, _messages, at_us) => timeline.note(at_us, `fault: ${fault}`));
  }

  /** What comes after the failure that it is made for is left out. */
  failed({ check, text }: Failure): void {
    if (this.#taken !== null) return;
    this.#note((timeline, _messages, at_us) => timeline.note(at_us, `failed: ${check}: ${text}`));
    this.#hasFailed = this.#until === null || check === this.#until;
    if (this.#hasFailed) this.end();
  }

  /** The run is about to end. */
  end(): void {
    const at_us = this.#now_us();
    this.#taken ??= { memory: this.memory.slice(0), notes: [...this.#notes], at_us };
  }

  /** Writes the trace, of a run that is over. Resolves to "", or to why the file is not whole. */
  async writeTo(file: TraceFile): Promise<string> {
    const { memory, notes, at_us } = this.#taken!;
    const first_us = firstIn(memory, this.#names.length) ?? at_us;
    file.begin();
    // From the begin of the run, as all its other times.
    const events = new PerfettoEvents((event) => file.add(event), 0);
    const timeline = new Timeline(events, this.#names, first_us);
    const messages = new MessageLog(first_us);
    const merge = new Merge(memory, timeline, messages);
    for (const { at_us: noted_us, note } of notes) {
      if (noted_us < first_us) continue;
      merge.note(noted_us, () => note(timeline, messages, noted_us));
    }
    merge.drain(at_us, true);
    timeline.close(at_us);
    await file.close();
    return file.error === null ? "" : `trace: ${file.path} is not whole: ${file.error.message}`;
  }

  #note(note: Note): void {
    if (this.#taken !== null) return;
    this.#notes.push({ at_us: this.#now_us(), note });
    if (this.#notes.length > NOTES_MAX) this.#notes.shift();
  }
}

/** The time of the oldest record that is there; null where none is. */
function firstIn(memory: SharedArrayBuffer, places: number): number | null {
  const firsts = Array.from(
    { length: places },
    (_, place) => new RingReader(memory, place).read(true).entries[0]?.time_us ?? Infinity,
  );
  const first_us = Math.min(...firsts);
  return first_us === Infinity ? null : first_us;
}
