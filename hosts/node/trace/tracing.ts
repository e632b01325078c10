/**
 * The tracing of one system: the rings of its tasks, read all the time, and what becomes of them.
 *
 * Who can be late: this reader, when the main thread is busy or the disk is slow. Then tasks write
 * over what it has not read, and the trace shows a gap with the number of records that were lost.
 * Nobody waits for it.
 */
import type { TaskDeath } from "../../../src/manager/supervise/supervisor-events.js";
import { printRings } from "../../../src/kernel/trace/lines.js";
import { createRings } from "../../../src/kernel/trace/ring.js";
import type { AppManifest } from "../manifest/read.js";
import type { System } from "../system/system.js";
import { microseconds } from "./clock.js";
import { createDetails, DetailReader } from "./details.js";
import { Merge } from "./merge.js";
import { MessagePoints } from "./message-points.js";
import { MessageLog, type MessagesBetween } from "./messages.js";
import { namesOf, noteEvents, whyDied } from "./notes.js";
import { PerfettoEvents } from "./perfetto.js";
import { PostMortem } from "./post-mortem.js";
import type { RouteView } from "./routes.js";
import { Timeline } from "./timeline.js";
import { openAt, TraceFile } from "./trace-file.js";

/** How often the rings are read. */
const DRAIN_MS = 20;
/** Records of a ring: 50,000 messages a second do not fill it between two looks. */
const RECORDS = 8_192;
/** What is kept of each task after a death: some 60 KB. */
const LAST_RECORDS = 1_000;
/** All rings together. */
const BYTES_MAX = 64 * 1_048_576;
const RECORD_BYTES = 16;

/** How the messages of a system are traced. */
export interface TraceOptions {
  /** Where the trace is written, in a form that ui.perfetto.dev opens. Default: nowhere. */
  readonly file?: string;
  /** Records that each task keeps, rounded up to a power of two. Default: 8192. No more than 64 MB
   * for all of them. */
  readonly records?: number;
  /**
   * Where the last 1,000 records of each task are written when a task or the board dies, as lines
   * for `reattach trace decode`. The next death writes over it. Default: nowhere.
   */
  readonly postMortem?: string;
}

/** Opens a file, if there is a path. Throws a UsageError when it cannot be written. */
function openIf<File>(path: string | undefined, open: (path: string) => File): File | null {
  return path === undefined ? null : openAt(path, open);
}

/** The trace of a system, read from the rings of its tasks while they run. */
export class Tracing {
  /** The rings. */
  readonly memory: SharedArrayBuffer;
  /**
   * What threads note beside the records (details.ts).
   *
   * @internal
   */
  readonly notes: SharedArrayBuffer;
  /**
   * Where tasks stand still for a fault.
   *
   * @internal
   */
  readonly points = new MessagePoints();
  readonly #names: readonly string[];
  readonly #file: TraceFile | null;
  readonly #timeline: Timeline;
  readonly #messages: MessageLog;
  readonly #merge: Merge;
  readonly #details: readonly DetailReader[];
  /** From milliseconds of performance.now() to the clock of traces. */
  readonly #offset_us: number;
  readonly #postMortem: PostMortem | null;
  #system: System | null = null;
  #timer: NodeJS.Timeout | undefined;
  #lost = 0;

  /** Throws a UsageError when the file cannot be written. */
  constructor(manifest: AppManifest, options: TraceOptions) {
    const { file: path, records = RECORDS, postMortem } = options;
    this.#names = namesOf(manifest);
    const places = manifest.limits.tasks + 1;
    // They are rounded up to a power of two.
    const most = 2 ** Math.floor(Math.log2(BYTES_MAX / RECORD_BYTES / places));
    this.memory = createRings(places, Math.min(records, most));
    this.#postMortem = openIf(
      postMortem,
      (at) => new PostMortem(at, (error) => this.#logPostMortem(at, error)),
    );
    this.#file = openIf(path, (at) => new TraceFile(at));
    const origin_us = microseconds();
    this.#offset_us = origin_us - performance.now() * 1_000;
    this.notes = createDetails(places);
    this.#details = Array.from({ length: places }, (_, i) => new DetailReader(this.notes, i));
    const file = this.#file;
    const emit = file === null ? null : (event: string): void => file.add(event);
    const events = new PerfettoEvents(emit, origin_us);
    this.#timeline = new Timeline(events, this.#names, origin_us);
    this.#messages = new MessageLog(origin_us);
    this.#merge = new Merge(this.memory, this.#timeline, this.#messages);
  }

  /** Records that were overwritten before they were read. The trace says where. */
  get lost(): number {
    return this.#lost;
  }

  /** Who has sent how much to whom, and how long it took, as far as the rings have been read. */
  routes(): RouteView[] {
    return this.#timeline.routes.view((place) => this.nameOf(place));
  }

  /**
   * The task in a place.
   *
   * @internal
   */
  nameOf(place: number): string {
    return this.#names[place] ?? `task ${place}`;
  }

  /**
   * What the thread in a place notes beside its records.
   *
   * @internal
   */
  details(place: number): DetailReader {
    return this.#details[place]!;
  }

  /**
   * The messages between two times of performance.now(), as far as the rings have been read; at
   * most `max` of them.
   *
   * @internal
   */
  messagesBetween(from_ms: number, to_ms: number, max: number): MessagesBetween {
    const inUs = (ms: number): number => ms * 1_000 + this.#offset_us;
    return this.#messages.between(inUs(from_ms), inUs(to_ms), max);
  }

  /**
   * A time of the trace in milliseconds of performance.now(), to the microsecond.
   *
   * @internal
   */
  inMs(time_us: number): number {
    return Math.round(time_us - this.#offset_us) / 1_000;
  }

  /**
   * The last records of each task, at most 1,000, as lines for `reattach trace decode`: also of
   * tasks that are dead, and after a restart of the board, which leaves the rings alone.
   */
  lines(): string[] {
    const lines: string[] = [];
    printRings(this.memory, this.#names, (line) => lines.push(line), LAST_RECORDS);
    return lines;
  }

  /** Tells of this system what no task can say of itself. */
  follow(system: System): void {
    this.#system = system;
    noteEvents(system, (note) => {
      const at_us = microseconds();
      this.#merge.note(at_us, () => note(this.#timeline, this.#messages, at_us));
    });
    system.on("death", (death: TaskDeath) => {
      // At once: the successor has not begun to write into the ring.
      this.#postMortem?.keep(
        `${death.name} (pid ${death.pid}) died: ${whyDied(death)}`,
        this.lines(),
      );
    });
    system.on("reboot", (reason) => {
      this.#postMortem?.keep(`the board was restarted: ${reason}`, this.lines());
    });
  }

  /** Reads the rings from now on. The file is emptied, the first time. */
  begin(): void {
    this.#file?.begin();
    this.#timer ??= setInterval(() => this.drain(), DRAIN_MS).unref();
  }

  /** Reads the rings once, unless the disk does not keep up. */
  drain(): void {
    if (this.#file?.isBusy) return;
    this.#lost += this.#merge.drain(microseconds());
    void this.#file?.flush();
  }

  /**
   * Reads what is left and closes the file. To be called when no task runs. Resolves to "", or to
   * why the file is not whole.
   */
  async end(): Promise<string> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    const now = microseconds();
    this.#lost += this.#merge.drain(now, true);
    this.#timeline.close(now);
    await this.#file?.close();
    await this.#postMortem?.close();
    const error = this.#file?.error ?? null;
    return error === null ? "" : `trace: ${this.#file!.path} is not whole: ${error.message}`;
  }

  #logPostMortem(path: string, error: Error | null): void {
    if (error === null) this.#system?.log("info", `the last messages of all tasks are in ${path}`);
    else this.#system?.log("error", `${path} cannot be written: ${error.message}`);
  }
}
