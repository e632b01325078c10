/**
 * Events of the Trace Event Format (JSON), as ui.perfetto.dev and chrome://tracing open it.
 *
 * Each task is a process with one thread, so that its states, its calls and its counters stand
 * together. Times are microseconds since the trace began.
 */

/** Process of what belongs to no task. */
const BOARD_PID = 1;
/** Process of the task in place 0. */
const FIRST_PID = 2;

/** What a person sees of an event when it is selected. */
export type Args = Readonly<Record<string, string | number | boolean>>;

/** Takes one event, as JSON. */
export type Emit = (event: string) => void;

function pidOf(place: number): number {
  return place < 0 ? BOARD_PID : FIRST_PID + place;
}

/** Writes events. A place of -1 is the board. */
export class PerfettoEvents {
  readonly #emit: Emit | null;
  readonly #origin_us: number;

  /** Times are told from `origin_us` on; with null nobody hears, and no text is made. */
  constructor(emit: Emit | null, origin_us: number) {
    this.#emit = emit;
    this.#origin_us = origin_us;
  }

  /** What a track is called, and where it stands. */
  name(place: number, name: string): void {
    const pid = pidOf(place);
    this.#metadata(pid, "process_name", { name });
    this.#metadata(pid, "process_sort_index", { sort_index: pid });
    this.#metadata(pid, "thread_name", { name });
  }

  /** A state, or anything else that lasts and is over. */
  slice(place: number, from_us: number, until_us: number, name: string, args: Args = {}): void {
    const dur = until_us - from_us;
    this.#event("X", place, from_us, { cat: "state", name, dur, args });
  }

  /** The begin or the end of what may overlap with others of its kind. */
  call(phase: "b" | "e", place: number, at_us: number, id: string, name: string, args: Args): void {
    this.#event(phase, place, at_us, { cat: "call", id, name, args });
  }

  /** An arrow from one slice to another. */
  arrow(id: string, from: number, from_us: number, to: number, to_us: number, name: string): void {
    this.#event("s", from, from_us, { cat: "message", id, name });
    this.#event("f", to, to_us, { cat: "message", id, name, bp: "e" });
  }

  /** Something that takes no time. */
  instant(place: number, at_us: number, name: string, args: Args = {}): void {
    this.#event("i", place, at_us, { cat: "event", name, s: "p", args });
  }

  /** The value of a counter, from now on. */
  counter(place: number, at_us: number, name: string, value: number): void {
    this.#event("C", place, at_us, { name, args: { value } });
  }

  #metadata(pid: number, name: string, args: Args): void {
    this.#emit?.(JSON.stringify({ ph: "M", pid, tid: pid, name, args }));
  }

  #event(ph: string, place: number, at_us: number, more: object): void {
    if (this.#emit === null) return;
    const pid = pidOf(place);
    this.#emit(JSON.stringify({ ph, pid, tid: pid, ts: at_us - this.#origin_us, ...more }));
  }
}
