/**
 * What the page remembers of a board: a minute of states and frames, the last events and lines. All
 * of it is bounded, so that a page that is open for days is as small as one that was just opened.
 */
import {
  type Frame,
  readSample,
  type Samples,
  type WatchEvent,
  type WatchMessage,
  type Welcome,
} from "../../watch/protocol.js";
import { Incidents } from "./incidents.js";
import { Lane } from "./lane.js";
import { Wires } from "./wires.js";

/** How far back one can look. */
export const SPAN_MAX_MS = 60_000;
/** Frames: a minute of five a second, and some room for a server that sends more. */
const FRAMES_MAX = 360;
const EVENTS_MAX = 1500;
/** Events and lines of output together, as the log shows them. */
const ENTRIES_MAX = 3000;

/** A place where messages are missing: the page was too slow, or the stream was broken off. */
export interface GapEntry {
  readonly what: "gap";
  readonly ms: number;
  readonly task: "main";
  readonly text: string;
}

/** What the log shows. */
export type Entry = WatchEvent | GapEntry;

/** Drops the oldest when there are too many; seldom, as it moves all others. */
function trim<T>(list: T[], most: number): void {
  if (list.length > most * 1.25) list.splice(0, list.length - most);
}

/** A save that could not be used. */
export interface FailedReload {
  readonly ms: number;
  /** What is wrong, a line for each problem. */
  readonly text: string;
}

export class Recording {
  readonly welcome: Welcome;
  readonly lanes = new Map<string, Lane>();
  readonly frames: Frame[] = [];
  /** All but output, the oldest first. */
  readonly events: WatchEvent[] = [];
  /** Events and output, the oldest first. */
  readonly entries: Entry[] = [];
  readonly incidents = new Incidents();
  readonly wires = new Wires();
  /** Up to when the page knows about the board, in the board's clock. */
  now_ms = 0;
  /** Deaths and recoveries that the page was told of. */
  deaths = 0;
  recoveries = 0;

  readonly #servers = new Map<string, string>();

  constructor(welcome: Welcome) {
    this.welcome = welcome;
    this.now_ms = welcome.ms;
    for (const { name, services } of welcome.tasks) {
      for (const service of services) this.#servers.set(service, name);
    }
    for (const event of welcome.before) this.#addEvent(event);
  }

  /** Takes in what the server says next. */
  add(message: Exclude<WatchMessage, Welcome>): void {
    if (message.type === "frame") this.#addFrame(message);
    else if (message.type === "event") this.#addEvent(message.event);
    else this.addGap(`${message.events} events are missing here: the page was too slow`);
  }

  /** Says in the log that something is missing from here on. */
  addGap(text: string): void {
    this.entries.push({ what: "gap", ms: this.now_ms, task: "main", text });
  }

  /** Index of the last frame at or before a moment; 0 before the first, -1 without any. */
  frameIndexAt(ms: number): number {
    const index = this.frames.findLastIndex((frame) => frame.ms <= ms);
    return index < 0 && this.frames.length > 0 ? 0 : index;
  }

  /** The task that has a service, as far as it was ever seen; "" when it was not. */
  serverOf(service: string): string {
    return this.#servers.get(service) ?? "";
  }

  /** The save that is wrong at a moment, so that the old code runs on; null for none. */
  failedReloadAt(ms: number): FailedReload | null {
    const last = this.events.findLast(
      // One may be replaced that was saved before.
      (event) => event.ms <= ms && event.what === "reload" && event.step !== "replaced",
    );
    return last?.what === "reload" && last.step === "failed" ? last : null;
  }

  #addFrame(frame: Frame): void {
    this.frames.push(frame);
    trim(this.frames, FRAMES_MAX);
    this.now_ms = Math.max(this.now_ms, frame.ms);
    for (const { name, services } of frame.tasks) {
      for (const service of services) this.#servers.set(service, name);
    }
    this.wires.add(frame, (service) => this.serverOf(service));
    this.#addSamples(frame.samples);
  }

  #addSamples({ from_ms, every_ms, names, rows }: Samples): void {
    names.forEach((name, task) => {
      const row = rows[task] ?? "";
      let lane = this.lanes.get(name);
      if (lane === undefined) this.lanes.set(name, (lane = new Lane()));
      for (let i = 0; i < row.length; i++) {
        const { state, whom } = readSample(row, i);
        // Nobody looked: it stays as it was, for all that is known.
        if (state === "UNKNOWN") continue;
        const start_ms = from_ms + i * every_ms;
        lane.add(start_ms, start_ms + every_ms, state, whom < 0 ? "" : (names[whom] ?? ""));
      }
    });
  }

  #addEvent(event: WatchEvent): void {
    this.entries.push(event);
    trim(this.entries, ENTRIES_MAX);
    this.now_ms = Math.max(this.now_ms, event.ms);
    if (event.what === "log") return;
    this.events.push(event);
    trim(this.events, EVENTS_MAX);
    if (event.what === "death") this.deaths++;
    if (event.what === "recovered") this.recoveries++;
    this.incidents.add(event, (service) => this.serverOf(service));
  }
}
