/**
 * What has happened, numbered and timed: heard from the system while it happens, and the last of it
 * kept for those who come later.
 */
import type { ReloadNews } from "../reload/news.js";
import type { System, SystemEvents } from "../system/system.js";
import type { FaultInjection } from "../faults/injector.js";
import { EVENTS_WAITING_MAX, type WatchEvent } from "./protocol.js";

/** Lines of the log are many: they have room of their own, so that they push out no events. */
const LINES_MAX = 2_000;
/** UTF-16 units of the events, and of the lines, that are kept: a line may be 8,000 long. */
const TEXT_MAX = 500_000;

/** The last events of a kind, bounded in their number and their text. */
class Last {
  readonly #max: number;
  #events: WatchEvent[] = [];
  #text = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get events(): readonly WatchEvent[] {
    return this.#events;
  }

  add(event: WatchEvent): void {
    this.#events.push(event);
    this.#text += textOf(event);
    if (this.#events.length < 2 * this.#max && this.#text < 2 * TEXT_MAX) return;
    // Not at each: to take away the first of a thousand costs as much as the event.
    const kept = this.#events.slice(-this.#max);
    let text = kept.reduce((sum, one) => sum + textOf(one), 0);
    let first = 0;
    for (; text > TEXT_MAX; first++) text -= textOf(kept[first]!);
    this.#events = kept.slice(first);
    this.#text = text;
  }
}

function textOf(event: WatchEvent): number {
  return "text" in event ? event.text.length : 0;
}

/** An event without what the history adds. */
export type News = WatchEvent extends infer Event
  ? Event extends WatchEvent
    ? Omit<Event, "number" | "ms">
    : never
  : never;

type Listener = (event: WatchEvent) => void;

export class History {
  readonly #system: System;
  readonly #heard: Listener;
  readonly #events = new Last(EVENTS_WAITING_MAX);
  readonly #lines = new Last(LINES_MAX);
  readonly #undo: (() => void)[] = [];
  #number = 0;

  /** `heard` is told of each event, as it happens. Ends with stop(). */
  constructor(system: System, faults: FaultInjection, heard: Listener) {
    this.#system = system;
    this.#heard = heard;
    this.#on("start", (task, pid) => this.add({ what: "start", task, pid }));
    this.#on("ready", (task, pid) => this.add({ what: "ready", task, pid }));
    this.#on("end", (task, pid) => this.add({ what: "end", task, pid }));
    this.#on("stuck", (task, pid, text) => this.add({ what: "stuck", task, pid, text }));
    this.#on("death", ({ name: task, ...death }) => {
      const isInjected = faults.hasStruck(task, death.pid);
      this.add({ what: "death", task, ...death, isInjected });
    });
    this.#on("order", (order, task, by) => this.add({ what: "order", order, task, by }));
    this.#on("deadlock", (tasks) => this.add({ what: "deadlock", tasks }));
    this.#on("reboot", (text) => this.add({ what: "reboot", text }));
    this.#on("stop", () => this.add({ what: "stop" }));
    this.#on("reload", (news) => this.#addReload(news));
    this.#on("line", (task, level, text) => this.add({ what: "log", task, level, text }));
  }

  /** The last events and lines, oldest first. */
  get last(): WatchEvent[] {
    return [...this.#events.events, ...this.#lines.events].sort((a, b) => a.number - b.number);
  }

  /** Something happened: now, or at the time that is given. */
  add(news: News, ms = performance.now()): void {
    const event = { number: ++this.#number, ms, ...news } as WatchEvent;
    const last = event.what === "log" ? this.#lines : this.#events;
    last.add(event);
    this.#heard(event);
  }

  /** The other steps are told by a line of the log alone. */
  #addReload(news: ReloadNews): void {
    switch (news.step) {
      case "replaced":
        if (news.since !== "death") this.add({ what: "reload", ...news });
        break;
      case "compiled":
      case "failed":
      case "restarted":
      case "applied":
      case "mended":
        this.add({ what: "reload", ...news });
        break;
      default:
    }
  }

  /** Hears no more. */
  stop(): void {
    for (const undo of this.#undo) undo();
  }

  #on<Name extends keyof SystemEvents>(
    name: Name,
    listener: (...values: SystemEvents[Name]) => void,
  ): void {
    const emitter = this.#system as unknown as NodeJS.EventEmitter;
    emitter.on(name, listener as (...values: unknown[]) => void);
    this.#undo.push(() => emitter.off(name, listener as (...values: unknown[]) => void));
  }
}
