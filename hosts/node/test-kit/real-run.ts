/**
 * An application of a test on real threads, in real time: boot(), and what has been seen since.
 */
import type { JsonObject } from "../../../src/manifest/value.js";
import type { TaskStatus } from "../../../src/manager/status.js";
import { stableOf } from "../../../src/kernel/stable.js";
import type { Death, Line } from "../checks/checks.js";
import { keep, taskIndex } from "../checks/observing.js";
import type { ServiceShape } from "../definitions/protocol.js";
import { BY_FAULTS } from "../faults/kinds.js";
import type { SimulatedHardware } from "../hardware/hardware.js";
import { UsageError } from "../input-error.js";
import type { AppManifest } from "../manifest/read.js";
import { type FaultInjection, injectFaults } from "../faults/injector.js";
import type { AtPoint } from "../faults/text.js";
import { boot, type BootOptions, type System } from "../system/system.js";
import type { Tracing } from "../trace/tracing.js";
import { keepAlive } from "./alive.js";
import { type Listener, tellEvents } from "./listener.js";
import type { Order, Run } from "./run.js";
import { setTrap, type Trap } from "./trap.js";

/** A condition is looked at whenever something has happened, and so often in any case. */
const LOOK_MS = 5;
/** Who gives the orders of a test. */
const BY_TEST = "test";
/** Who kills on purpose. */
const INJECTORS: readonly string[] = [BY_TEST, BY_FAULTS];

export class RealRun implements Run {
  readonly log: Line[] = [];
  readonly deaths: Death[] = [];
  readonly #system: System;
  #began_ms = performance.now();
  /** Of Date.now(), which lines have. */
  #epoch_ms = Date.now();
  #listener: Listener = () => undefined;
  #isStopped = false;
  /** Faults that strike again and again; null before there are any. */
  #injection: FaultInjection | null = null;
  readonly #seed: number;
  /** Tasks that a fault has struck, and that have not died of it yet. */
  readonly #struck = new Set<string>();
  /** Those who wait until something happens. */
  #waiting: (() => void)[] = [];

  private constructor(system: System, seed: number) {
    this.#system = system;
    this.#seed = seed;
    this.#listen();
  }

  /** Boots the application; its tasks do not run yet. Rejects as boot() does. */
  static async boot(
    manifest: string | JsonObject,
    options: BootOptions & { readonly seed: number },
  ): Promise<RealRun> {
    return new RealRun(await boot(manifest, { ...options, isBackground: true }), options.seed);
  }

  get manifest(): AppManifest {
    return this.#system.manifest;
  }

  get now_ms(): number {
    return performance.now() - this.#began_ms;
  }

  get tasks(): readonly TaskStatus[] {
    return this.#system.ps();
  }

  get hardware(): SimulatedHardware {
    return this.#system.hardware;
  }

  get tracing(): Tracing {
    const { tracing } = this.#system;
    tracing.drain();
    return tracing;
  }

  task(name: string): TaskStatus {
    return this.tasks[this.#indexOf(name)]!;
  }

  stable(name: string): DataView {
    this.#system.use();
    // The main VM has the first place.
    const bytes = stableOf(this.#indexOf(name) + 1);
    if (bytes === null) throw new Error(`stable: ${name} commits faster than it can be read`);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  async begin(listener: Listener): Promise<void> {
    this.#listener = listener;
    this.#began_ms = performance.now();
    this.#epoch_ms = Date.now();
    await keepAlive(this.#system.start());
  }

  use(): void {
    this.#system.use();
  }

  pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async order(order: Order, name: string): Promise<void> {
    this.#indexOf(name);
    const outcome = this.#system[order](name, BY_TEST);
    if (outcome !== undefined) await keepAlive(outcome);
  }

  get services(): readonly ServiceShape[] {
    return this.#system.live.application.services;
  }

  trap(victim: string, at: AtPoint): Trap {
    const system = this.#system;
    if (!system.isTraced) {
      throw new UsageError(
        'app.kill: at: in real time messages have to be traced: { clock: "real", trace: {} }',
      );
    }
    const { points } = system.tracing;
    const { tasks } = this.manifest;
    const { application } = system.live;
    const callsOf = (task: string): ReadonlyMap<string, number> => application.callsOf(task);
    return setTrap({ system, points, tasks, callsOf, by: BY_TEST }, victim, at);
  }

  inject(faults: readonly string[]): void {
    this.#injection ??= injectFaults(this.#system, [], this.#seed);
    for (const fault of faults) this.#injection.add(fault);
  }

  calm(): void {
    this.#injection?.clear(this.#seed);
  }

  async reboot(reason: string): Promise<void> {
    await keepAlive(this.#system.reboot(reason));
  }

  async until(look: () => boolean | Promise<boolean>, within_ms: number): Promise<boolean> {
    const end_ms = this.now_ms + within_ms;
    while (!(await keepAlive(Promise.resolve(look())))) {
      if (this.now_ms >= end_ms) return false;
      await this.pause();
    }
    return true;
  }

  advance(): Promise<void> {
    return Promise.reject(
      new UsageError("app.advance: time is real here: use app.until() or app.waitFor()"),
    );
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await keepAlive(this.#system.stop());
  }

  #indexOf(name: string): number {
    return taskIndex(this.manifest, name);
  }

  readonly #tell: Listener = (kind, event) => {
    if (this.#isStopped) return;
    this.#listener(kind, event);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  };

  #listen(): void {
    const system = this.#system;
    system.on("log", (task, level, text, time_ms) => {
      const line = { at_ms: Math.max(0, time_ms - this.#epoch_ms), task, level, text };
      keep(this.log, line);
      this.#tell("line", line);
    });
    system.on("order", (order, name, by) => {
      const isFault = order === "kill" || order === "hang";
      if (isFault && INJECTORS.includes(by)) this.#struck.add(name);
    });
    system.on("death", ({ name, pid, cause, text }) => {
      const hasStruck = this.#injection?.hasStruck(name, pid) ?? false;
      const isInjected = this.#struck.delete(name) || hasStruck;
      const death = { at_ms: this.now_ms, name, pid, cause, text, isInjected };
      keep(this.deaths, death);
      this.#tell("death", death);
    });
    system.on("reboot", () => this.#struck.clear());
    tellEvents(system, () => this.now_ms, this.#tell);
  }
}
