/**
 * Recoveries, told from the trace in the arena: which client, from which service, how long, and to
 * whom. The trace has only numbers that mean something to the client; the connections say the rest.
 */
import * as L from "../../../src/arena/layout.js";
import { timeSinceBoot } from "../../../src/arena/clock.js";
import type { ConnectionView } from "../../../src/kernel/inspect/connections.js";
import type { TraceRecord } from "../../../src/kernel/inspect/trace.js";
import type { TaskStatus } from "../../../src/manager/status.js";
import type { System } from "../system/system.js";
import type { News } from "./history.js";

/** A recovery that has begun. */
interface Begun {
  readonly ms: number;
  readonly service: string;
}

export class Recoveries {
  readonly #system: System;
  readonly #tell: (news: News, ms: number) => void;
  /** By "place coid". */
  readonly #begun = new Map<string, Begun>();
  /** Where each connection has led to, by "place coid": a name may go with its server. */
  #services = new Map<string, string>();
  #seen: number;

  /** Tells recoveries from now on. */
  constructor(system: System, tell: (news: News, ms: number) => void) {
    this.#system = system;
    this.#tell = tell;
    this.#seen = this.#head();
  }

  /** Remembers where connections lead to. */
  learn(connections: readonly ConnectionView[]): void {
    const services = new Map<string, string>();
    for (const { client, coid, service } of connections) {
      const key = `${client & L.PID_INDEX_MASK} ${coid}`;
      services.set(key, service === "" ? (this.#services.get(key) ?? "") : service);
    }
    this.#services = services;
  }

  /** The board has been restarted: with a new arena, and a new trace. */
  restart(): void {
    this.#seen = 0;
    this.#begun.clear();
  }

  /** Looks for what is new in the trace. Costs next to nothing when there is nothing. */
  look(tasks: readonly TaskStatus[], now: number): void {
    const head = this.#head();
    if (head === this.#seen) return;
    const records = this.#system.trace();
    const boot_ms = now - timeSinceBoot();
    for (const record of records) {
      if (((record.number - this.#seen) | 0) > 0) this.#read(record, tasks, boot_ms);
    }
    this.#seen = head;
  }

  #head(): number {
    this.#system.use();
    return $words[L.HEAD_TRACE]! >>> 0;
  }

  #read(record: TraceRecord, tasks: readonly TaskStatus[], boot_ms: number): void {
    const { event, task: place, value: coid } = record;
    if (!event.startsWith("recover")) return;
    const ms = boot_ms + record.ms;
    const key = `${place} ${coid}`;
    const task = tasks.find(({ pid }) => pid !== 0 && (pid & L.PID_INDEX_MASK) === place);
    if (task === undefined) return;
    const found = this.#system
      .connections()
      .find((row) => (row.client & L.PID_INDEX_MASK) === place && row.coid === coid);
    if (event === "recovering") {
      const service = this.#services.get(key) ?? task.recovers ?? found?.service ?? "";
      this.#begun.set(key, { ms, service });
      return this.#tell({ what: "recovering", task: task.name, coid, service }, ms);
    }
    const begun = this.#begun.get(key);
    this.#begun.delete(key);
    const took_ms = begun === undefined ? 0 : ms - begun.ms;
    const service = begun?.service ?? found?.service ?? "";
    if (event === "recovered") {
      const serverPid = found?.server ?? 0;
      const to = found === undefined || found.service === "" ? service : found.service;
      const news = { task: task.name, coid, service: to, serverPid, took_ms };
      return this.#tell({ what: "recovered", ...news }, ms);
    }
    const hasThrown = event === "recovery-threw";
    this.#tell({ what: "gave-up", task: task.name, coid, service, hasThrown, took_ms }, ms);
  }
}
