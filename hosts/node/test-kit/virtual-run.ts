/**
 * An application of a test in virtual time: the engine of `reattach simulate`, which goes on only
 * while the test waits. The same seed gives the same run.
 */
import type { JsonObject } from "../../../src/manifest/value.js";
import type { TaskStatus } from "../../../src/manager/status.js";
import type { Death, Line } from "../checks/checks.js";
import type { ServiceShape } from "../definitions/protocol.js";
import type { SimulatedHardware } from "../hardware/hardware.js";
import { UsageError } from "../input-error.js";
import type { AppManifest, ManifestOptions } from "../manifest/read.js";
import { BY_FAULTS } from "../faults/kinds.js";
import { ObservedSimulation } from "../simulate/observed.js";
import { type Prepared, prepare } from "../simulate/prepare.js";
import { targetsOf } from "../simulate/trial.js";
import { isSeed, SEED_MAX } from "../faults/seed.js";
import { messagePoint, PointRule } from "../faults/point-rule.js";
import { type AtPoint, faultDelays, readFaultPlan } from "../faults/text.js";
import type { Tracing } from "../trace/tracing.js";
import { type Listener, tellEvents } from "./listener.js";
import type { Order, Run } from "./run.js";
import { SettledBoard } from "./settled-board.js";
import { setTrap, type Trap } from "./trap.js";

/** How often a condition is looked at that cannot be told at once, in virtual time. */
const LOOK_MS = 1;
/** How long a call waits until it looks again for its service, in virtual time. */
const PAUSE_MS = 5;
/** Throws a UsageError for a seed that the engine cannot have. */
function checkSeed(seed: number): void {
  if (isSeed(seed)) return;
  throw new UsageError(
    `startApp: found seed ${seed}, allowed is a whole number from 0 to ${SEED_MAX}`,
  );
}

export class VirtualRun implements Run {
  readonly manifest: AppManifest;
  readonly #prepared: Prepared;
  readonly #observed: ObservedSimulation;
  readonly #seed: number;
  /** Another one ends the faults that were injected before. */
  #injection = 0;
  #faults = 0;
  /** Those that strike at messages. */
  readonly #rules: PointRule[] = [];

  private constructor(prepared: Prepared, observed: ObservedSimulation, seed: number) {
    this.#prepared = prepared;
    this.#observed = observed;
    this.#seed = seed;
    this.manifest = prepared.manifest;
  }

  /** Prepares the application; its tasks do not run yet. Rejects as prepare() does. */
  static async boot(
    manifest: string | JsonObject,
    { seed, ...reading }: ManifestOptions & { readonly seed: number },
  ): Promise<VirtualRun> {
    checkSeed(seed);
    const prepared = await prepare(manifest, reading);
    const simulation = await prepared.start({ seed });
    return new VirtualRun(prepared, new ObservedSimulation(simulation, prepared.manifest), seed);
  }

  get now_ms(): number {
    return this.#observed.now_ms;
  }

  get log(): readonly Line[] {
    return this.#observed.log;
  }

  get deaths(): readonly Death[] {
    return this.#observed.deaths;
  }

  get tasks(): readonly TaskStatus[] {
    return this.#observed.tasks;
  }

  get hardware(): SimulatedHardware {
    const { simulation } = this.#observed;
    // Without one it throws, and says so.
    if (simulation.hardware === null) return this.#observed.hardware;
    return new SettledBoard(simulation, simulation.hardware);
  }

  get tracing(): Tracing {
    throw new UsageError('app.trace: messages are traced in real time only: clock: "real"');
  }

  task(name: string): TaskStatus {
    return this.#observed.task(name);
  }

  stable(name: string): DataView {
    return this.#observed.stable(name);
  }

  begin(listener: Listener): Promise<void> {
    const { simulation } = this.#observed;
    simulation.on("log", (line) => listener("line", line));
    simulation.on("death", () => listener("death", this.deaths.at(-1)!));
    tellEvents(simulation, () => this.now_ms, listener);
    return Promise.resolve();
  }

  use(): void {
    this.#observed.simulation.system.use();
  }

  pause(): Promise<void> {
    return this.#observed.simulation.advance(PAUSE_MS);
  }

  async order(order: Order, name: string): Promise<void> {
    const { simulation } = this.#observed;
    const outcome = simulation.system[order](name, BY_FAULTS);
    if (outcome !== undefined) await simulation.settled(outcome);
  }

  get services(): readonly ServiceShape[] {
    return this.#prepared.services;
  }

  trap(victim: string, at: AtPoint): Trap {
    const { system, points } = this.#observed.simulation;
    const { tasks } = this.manifest;
    const { callsOf } = this.#prepared;
    return setTrap({ system, points, tasks, callsOf, by: BY_FAULTS }, victim, at);
  }

  inject(texts: readonly string[]): void {
    const { simulation, strikes } = this.#observed;
    const targets = targetsOf(this.#prepared, simulation.hardware?.parts ?? []);
    for (const fault of readFaultPlan(texts, targets)) {
      const { when } = fault;
      const injection = this.#injection;
      const strike = (): void => {
        if (injection === this.#injection) strikes.strike(fault);
      };
      if ("at_ms" in when) simulation.agenda.after(when.at_ms, strike);
      else if ("every_ms" in when) {
        this.#plan(strike, faultDelays(when, this.#faults++, this.#seed), injection);
      } else {
        const names = this.manifest.tasks;
        const point = messagePoint(when, names, targets.tagsOf(when.task));
        const rule = new PointRule(
          fault.text,
          simulation.points,
          () => point,
          (pid) => strikes.strike(fault, pid),
        );
        this.#rules.push(rule);
      }
    }
  }

  calm(): void {
    this.#injection++;
    for (const rule of this.#rules) rule.stop();
    this.#rules.length = 0;
    this.#observed.strikes.calm();
  }

  async reboot(reason: string): Promise<void> {
    const { simulation } = this.#observed;
    await simulation.settled(simulation.system.reboot(reason));
  }

  async until(look: () => boolean | Promise<boolean>, within_ms: number): Promise<boolean> {
    const { simulation } = this.#observed;
    const end_ms = this.now_ms + within_ms;
    for (;;) {
      let looked: boolean | Promise<boolean> = false;
      await simulation.until(() => {
        looked = this.#lookWith(look);
        return looked !== false;
      }, end_ms - this.now_ms);
      if (await simulation.settled(Promise.resolve(looked))) return true;
      if (this.now_ms >= end_ms) return false;
      await simulation.advance(LOOK_MS);
    }
  }

  advance(ms: number): Promise<void> {
    return this.#observed.simulation.advance(ms);
  }

  async stop(): Promise<void> {
    await this.#observed.simulation.close();
    await this.#prepared.stop();
  }

  /** What it throws is for who has asked, and not for all who wait. */
  #lookWith(look: () => boolean | Promise<boolean>): boolean | Promise<boolean> {
    try {
      return look();
    } catch (error) {
      const failed = Promise.reject<boolean>(error);
      failed.catch(() => undefined);
      return failed;
    }
  }

  /** The next strike of a fault, and those that follow it. */
  #plan(strike: () => void, nextDelay_ms: () => number, injection: number): void {
    this.#observed.simulation.agenda.after(nextDelay_ms(), () => {
      if (injection !== this.#injection) return;
      strike();
      this.#plan(strike, nextDelay_ms, injection);
    });
  }
}
