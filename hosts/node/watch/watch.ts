/**
 * Watching a running system: one look for all who watch, and none when nobody does.
 *
 * Events are kept from the moment a Watch is made. States are looked at only while there is a
 * watcher; a frame is made and written as text once, however many take it.
 */
import type { Writable } from "node:stream";
import { describeRegions } from "../../../src/arena/regions.js";
import type { ConnectionView } from "../../../src/kernel/inspect/connections.js";
import type { TaskStatus } from "../../../src/manager/status.js";
import type { FaultInjection } from "../faults/injector.js";
import { shownPath } from "../manifest/shown-path.js";
import type { System } from "../system/system.js";
import { buildFrame, type FrameParts } from "./frame.js";
import { History, type News } from "./history.js";
import { FRAME_MS, PROTOCOL_VERSION, SAMPLE_MS, type Welcome } from "./protocol.js";
import { Recoveries } from "./recoveries.js";
import { Sampler } from "./sampler.js";
import { Watcher } from "./watcher.js";

/** More than that is a program that forgets to leave. */
const WATCHERS_MAX = 16;

/** What goes on while somebody watches. */
interface Looking {
  readonly timer: NodeJS.Timeout;
  readonly sampler: Sampler;
  readonly recoveries: Recoveries;
  readonly parts: FrameParts;
  readonly held: Set<string>;
  next_ms: number;
}

export class Watch {
  readonly #system: System;
  readonly #faults: FaultInjection;
  readonly #history: History;
  readonly #watchers = new Set<Watcher>();
  #looking: Looking | null = null;

  /** Begins to keep events. `faults` is the plan that frames show. */
  constructor(system: System, faults: FaultInjection) {
    this.#system = system;
    this.#faults = faults;
    this.#history = new History(system, faults, (event) => {
      if (event.what === "reboot") this.#looking?.recoveries.restart();
      if (this.#watchers.size === 0) return;
      const json = JSON.stringify({ type: "event", event });
      for (const watcher of this.#watchers) watcher.event(json);
    });
    faults.onStrike((fault, target) => this.tell({ what: "fault", fault, target }));
  }

  /** How many watch. */
  get watchers(): number {
    return this.#watchers.size;
  }

  /** Is there room for no more? */
  get isFull(): boolean {
    return this.#watchers.size >= WATCHERS_MAX;
  }

  /** Has all who watch told of something that only the caller knows. */
  tell(news: News): void {
    this.#history.add(news);
  }

  /**
   * Tells whoever reads `stream` from now on, until it is closed. `wrap` says how a message stands
   * there; it takes a frame each `frame_ms`, as nearly as can be. False when there is no room: then
   * nothing is written.
   */
  join(stream: Writable, wrap: (json: string) => string, frame_ms = FRAME_MS): boolean {
    if (this.isFull) return false;
    // Who has gone already does not go again, and would be told for ever.
    if (stream.destroyed) return true;
    const every = Math.max(1, Math.round(frame_ms / FRAME_MS));
    const gone = (): void => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.#rest();
    };
    const watcher: Watcher = new Watcher({ stream, wrap, every, gone });
    watcher.welcome(JSON.stringify(this.#welcome()));
    this.#watchers.add(watcher);
    this.#looking ??= this.#begin();
    return true;
  }

  /** Ends the streams of all who watch, and hears no more. */
  stop(): void {
    this.#history.stop();
    for (const watcher of this.#watchers) watcher.end();
    this.#rest();
  }

  #welcome(): Welcome {
    const { manifest, layout } = this.#system;
    return {
      type: "welcome",
      protocol: PROTOCOL_VERSION,
      pid: process.pid,
      manifest: manifest.file,
      argument: shownPath(manifest.file),
      ms: performance.now(),
      frame_ms: FRAME_MS,
      sample_ms: SAMPLE_MS,
      isTraced: this.#system.isTraced,
      tasks: manifest.tasks.map((task) => ({
        name: task.name,
        module: task.module,
        priority: task.priority,
        dependsOn: task.dependsOn,
        services: task.services,
        calls: [...this.#system.live.application.callsOf(task.name).keys()],
        heartbeat_ms: task.heartbeat?.period_ms ?? null,
        standby: task.standby,
      })),
      layout,
      regions: describeRegions(manifest.limits),
      before: this.#history.last,
    };
  }

  #begin(): Looking {
    const now = performance.now();
    const timer = setInterval(() => this.#look(), SAMPLE_MS);
    timer.unref();
    const names = this.#system.manifest.tasks.map(({ name }) => name);
    const tell = (news: News, ms: number): void => this.#history.add(news, ms);
    const looking: Looking = {
      timer,
      sampler: new Sampler(names, now),
      recoveries: new Recoveries(this.#system, tell),
      parts: { since: new Map(), highest: new Map() },
      held: new Set(),
      next_ms: now,
    };
    looking.recoveries.learn(this.#system.connections());
    return looking;
  }

  #rest(): void {
    clearInterval(this.#looking?.timer);
    this.#looking = null;
  }

  #look(): void {
    const looking = this.#looking;
    if (looking === null) return;
    const now = performance.now();
    const tasks = this.#system.view();
    looking.sampler.look(tasks, now);
    looking.recoveries.look(tasks, now);
    this.#noteHeld(tasks, looking.held);
    if (now < looking.next_ms) return;
    looking.next_ms = now + FRAME_MS;
    const connections = this.#system.connections();
    looking.recoveries.learn(connections);
    this.#frame(looking, tasks, connections, now);
  }

  /** Who is held from now on: by an order, or because restarts have not helped. */
  #noteHeld(tasks: readonly TaskStatus[], held: Set<string>): void {
    for (const { name, isHeld } of tasks) {
      if (isHeld && !held.has(name)) this.tell({ what: "held", task: name });
      if (isHeld) held.add(name);
      else held.delete(name);
    }
  }

  #frame(
    { sampler, parts }: Looking,
    tasks: readonly TaskStatus[],
    connections: readonly ConnectionView[],
    now: number,
  ): void {
    const { samples, late_ms } = sampler.take();
    const seen = { ms: now, late_ms, tasks, connections, samples };
    const json = JSON.stringify(buildFrame(this.#system, this.#faults, parts, seen));
    for (const watcher of this.#watchers) watcher.frame(json);
  }
}
