/**
 * What Prometheus reads of a running system. All is looked at when it is asked for; nothing is
 * counted beside what the system counts itself.
 */
import { Counter, Gauge, Registry } from "prom-client";
import type { Usage } from "../../../src/kernel/inspect/usage.js";
import type { TaskStatus } from "../../../src/manager/status.js";
import type { FaultInjection } from "../faults/injector.js";
import type { System } from "../system/system.js";

/** A number of each task: the name of its metric, what it means, and where it stands. */
type TaskNumber = readonly [name: string, help: string, of: (task: TaskStatus) => number];

/** What only grows while the board runs. */
const TASK_COUNTERS: readonly TaskNumber[] = [
  ["reattach_messages_sent_total", "Messages sent, by task", ({ totals }) => totals.sent],
  [
    "reattach_messages_received_total",
    "Messages and pulses received, by task",
    ({ totals }) => totals.received,
  ],
  [
    "reattach_recoveries_total",
    "Connections recovered, by task",
    ({ totals }) => totals.recoveries,
  ],
  ["reattach_sleeps_total", "Times a task went to sleep", ({ totals }) => totals.sleeps],
  ["reattach_crashes_total", "Deaths, by task", ({ crashes }) => crashes],
  ["reattach_restarts_total", "Starts after the first, by task", ({ restarts }) => restarts],
];

const TASK_GAUGES: readonly TaskNumber[] = [
  ["reattach_task_up", "1 while a task has a VM", ({ pid }) => (pid === 0 ? 0 : 1)],
  ["reattach_task_held", "1 while a task is held", ({ isHeld }) => (isHeld ? 1 : 0)],
  [
    "reattach_task_waits_seconds",
    "For how long its message has waited, by task",
    ({ waitsFor }) => (waitsFor?.ms ?? 0) / 1000,
  ],
  ["reattach_task_priority", "The priority a task runs at", ({ priority }) => priority],
];

/** What is asked for numbers. */
type Measured = Pick<System, "view" | "usage" | "channels" | "isTraced" | "tracing">;

/** The metrics of a system. */
export class Metrics {
  readonly #registry = new Registry();

  constructor(system: Measured, faults: Pick<FaultInjection, "injected">) {
    for (const row of TASK_COUNTERS) this.#addCounter(system, row);
    for (const row of TASK_GAUGES) this.#addGauge(system, row);
    this.#addState(system);
    this.#addTables(system);
    this.#addQueues(system);
    this.#addFaults(faults);
    this.#addMain();
    if (system.isTraced) this.#addRoutes(system);
  }

  /** The Content-Type of text(). */
  get type(): string {
    return this.#registry.contentType;
  }

  /** All of it, as Prometheus reads it. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #addCounter(system: Measured, [name, help, of]: TaskNumber): void {
    const counter: Counter<"task"> = new Counter({
      name,
      help,
      labelNames: ["task"],
      registers: [this.#registry],
      collect: () => {
        counter.reset();
        for (const task of system.view()) counter.inc({ task: task.name }, of(task));
      },
    });
  }

  #addGauge(system: Measured, [name, help, of]: TaskNumber): void {
    const gauge: Gauge<"task"> = new Gauge({
      name,
      help,
      labelNames: ["task"],
      registers: [this.#registry],
      collect: () => {
        gauge.reset();
        for (const task of system.view()) gauge.set({ task: task.name }, of(task));
      },
    });
  }

  #addState(system: Measured): void {
    const gauge: Gauge<"task" | "state"> = new Gauge({
      name: "reattach_task_state",
      help: "1 for the state that a task is in",
      labelNames: ["task", "state"],
      registers: [this.#registry],
      collect: () => {
        gauge.reset();
        for (const { name, state } of system.view()) gauge.set({ task: name, state }, 1);
      },
    });
  }

  #addTables(system: Measured): void {
    const gauge: Gauge<"table" | "what"> = new Gauge({
      name: "reattach_table_entries",
      help: "Entries of a table of the arena: used now, the most so far (highest), and total",
      labelNames: ["table", "what"],
      registers: [this.#registry],
      collect: () => {
        for (const [table, row] of Object.entries<Usage>({ ...system.usage() })) {
          for (const [what, value] of Object.entries(row)) {
            if (value !== null) gauge.set({ table, what }, value as number);
          }
        }
      },
    });
  }

  #addQueues(system: Measured): void {
    const gauge: Gauge<"service" | "what"> = new Gauge({
      name: "reattach_queue_length",
      help: "What waits to be received, by service: messages and pulses",
      labelNames: ["service", "what"],
      registers: [this.#registry],
      collect: () => {
        gauge.reset();
        for (const { services, queued, pulses } of system.channels()) {
          for (const service of services) {
            gauge.set({ service, what: "messages" }, queued);
            gauge.set({ service, what: "pulses" }, pulses);
          }
        }
      },
    });
  }

  #addFaults(faults: Pick<FaultInjection, "injected">): void {
    const counter: Counter = new Counter({
      name: "reattach_faults_injected_total",
      help: "Faults that the plan has injected",
      registers: [this.#registry],
      collect: () => {
        counter.reset();
        counter.inc(faults.injected);
      },
    });
  }

  /** What a tracing kernel has counted. */
  #addRoutes(system: Measured): void {
    const counter: Counter<"client" | "server"> = new Counter({
      name: "reattach_route_messages_total",
      help: "Calls of one task to another that the trace has: see the records that it lost",
      labelNames: ["client", "server"],
      registers: [this.#registry],
      collect: () => {
        counter.reset();
        for (const { client, server, sent } of system.tracing.routes()) {
          counter.inc({ client, server }, sent);
        }
      },
    });
    const lost: Counter = new Counter({
      name: "reattach_trace_records_lost_total",
      help: "Records of the trace that were overwritten before they were read",
      registers: [this.#registry],
      collect: () => {
        lost.reset();
        lost.inc(system.tracing.lost);
      },
    });
  }

  #addMain(): void {
    const gauge: Gauge = new Gauge({
      name: "reattach_main_heap_bytes",
      help: "The heap of the main VM that is in use",
      registers: [this.#registry],
      collect: () => gauge.set(process.memoryUsage().heapUsed),
    });
  }
}
