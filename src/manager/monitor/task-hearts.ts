/**
 * The hearts of the tasks of a manifest: each is watched while its task runs, whoever has asked for
 * anything or not.
 */
import type { WatchStatus } from "../status.js";
import type { HeartbeatSpec } from "../supervise/task-spec.js";
import { createHeart, type Heart } from "./heartbeat.js";
import type { Monitor, Watched, WatchListener } from "./monitor.js";

/** Told which marks a task has just reached: HEART_LOW | HEART_HIGH. */
export type MarksListener = (name: string, marks: number) => void;

interface TaskHeart extends Watched {
  readonly name: string;
  pid: number;
  readonly heart: Heart;
}

/** What of a task's declaration is looked at. */
interface Declared {
  readonly name: string;
  readonly heartbeat: HeartbeatSpec | null;
}

export class TaskHearts implements WatchListener {
  readonly #monitor: Monitor;
  readonly #tell: MarksListener;
  readonly #hearts: TaskHeart[] = [];

  constructor(monitor: Monitor, tasks: readonly Declared[], tell: MarksListener) {
    this.#monitor = monitor;
    this.#tell = tell;
    for (const { name, heartbeat } of tasks) {
      if (heartbeat === null) continue;
      const { period_ms, low, high } = heartbeat;
      const heart = createHeart(period_ms, low, high, false);
      const watched: TaskHeart = { name, pid: 0, heart, listener: this };
      this.#hearts.push(watched);
      monitor.add(watched);
    }
  }

  /** The heart of a task; null when nobody watches for one. */
  of(name: string): Heart | null {
    return this.#find(name)?.heart ?? null;
  }

  /** The same for people. */
  statusOf(name: string): WatchStatus | null {
    const heart = this.of(name);
    return heart === null ? null : { period_ms: heart.period_ms, missed: heart.missed };
  }

  /** A task runs; its program is being loaded. */
  started(name: string, pid: number, now: number): void {
    const watched = this.#find(name);
    if (watched === undefined) return;
    watched.pid = pid;
    this.#monitor.beginLoading(watched, now);
  }

  /** Its program is loaded: from now on it must show life. */
  ready(name: string, pid: number, now: number): void {
    const watched = this.#find(name);
    if (watched?.pid === pid) this.#monitor.begin(watched, now);
  }

  /** It is gone. */
  gone(name: string, pid: number): void {
    const watched = this.#find(name);
    if (watched?.pid === pid) watched.pid = 0;
  }

  marksReached(watched: TaskHeart, marks: number): void {
    this.#tell(watched.name, marks);
  }

  #find(name: string): TaskHeart | undefined {
    return this.#hearts.find((watched) => watched.name === name);
  }
}
