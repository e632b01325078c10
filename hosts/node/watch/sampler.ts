/**
 * Looks at what each task is doing, a hundred times a second, while somebody watches. The tasks do
 * not notice: all is read from words that they keep anyway.
 */
import * as L from "../../../src/arena/layout.js";
import type { TaskStatus } from "../../../src/manager/status.js";
import { SAMPLE_MS, sampleChar, type Samples } from "./protocol.js";

/** More are not kept: they begin anew. */
const SAMPLES_MAX = 10_000;

const NOBODY_LOOKED = sampleChar("UNKNOWN", -1);

export class Sampler {
  readonly #names: string[];
  #rows: string[];
  #from_ms: number;
  #late_ms = 0;

  /** `names` are the tasks of the manifest; `now` is the time of the first look. */
  constructor(names: readonly string[], now: number) {
    this.#names = ["main", ...names];
    this.#rows = this.#names.map(() => "");
    this.#from_ms = now;
  }

  /** Notes what the tasks do at this time. A look that comes late says nothing of those before. */
  look(tasks: readonly TaskStatus[], now: number): void {
    const due = Math.floor((now - this.#from_ms) / SAMPLE_MS);
    let missed = due - this.#rows[0]!.length;
    this.#late_ms = Math.max(this.#late_ms, missed * SAMPLE_MS);
    if (due >= SAMPLES_MAX) {
      // Nobody has looked for so long (the process was stopped), or no frame has taken them.
      this.#rows = this.#names.map(() => "");
      this.#from_ms += due * SAMPLE_MS;
      missed = 0;
    }
    // A timer is a little early now and then: the look before stands for this one too.
    if (missed < 0) return;
    const places = tasks.map(({ pid }) => pid & L.PID_INDEX_MASK);
    this.#include(tasks);
    const gap = NOBODY_LOOKED.repeat(missed);
    this.#rows = this.#rows.map((row, index) => {
      const task = tasks.find(({ name }) => name === this.#names[index]);
      return row + gap + (task === undefined ? NOBODY_LOOKED : this.#charOf(task, tasks, places));
    });
  }

  /** What has been noted since the last take, and how late the worst look was. */
  take(): { samples: Samples; late_ms: number } {
    const rows = this.#rows;
    const taken = rows[0]!.length;
    const samples: Samples = {
      from_ms: this.#from_ms,
      every_ms: SAMPLE_MS,
      names: this.#names.slice(),
      rows,
    };
    const late_ms = this.#late_ms;
    this.#rows = this.#names.map(() => "");
    this.#from_ms += taken * SAMPLE_MS;
    this.#late_ms = 0;
    return { samples, late_ms };
  }

  /** A task that somebody has executed, which the manifest does not have. */
  #include(tasks: readonly TaskStatus[]): void {
    for (const { name } of tasks) {
      if (this.#names.includes(name)) continue;
      this.#names.push(name);
      this.#rows.push(NOBODY_LOOKED.repeat(this.#rows[0]!.length));
    }
  }

  #charOf(
    { state, waitsFor }: TaskStatus,
    tasks: readonly TaskStatus[],
    places: readonly number[],
  ): string {
    if (waitsFor === null || (state !== "SEND" && state !== "REPLY")) return sampleChar(state, -1);
    const server = tasks[places.indexOf(waitsFor.pid & L.PID_INDEX_MASK)];
    return sampleChar(state, server === undefined ? -1 : this.#names.indexOf(server.name));
  }
}
