/**
 * Carries out the faults of a plan in a simulation, while faults are on.
 */
import { BY_FAULTS } from "../faults/kinds.js";
import type { PartFault } from "../hardware/board/parts.js";
import type { Simulation } from "./main/simulation.js";
import type { ObservedSimulation } from "./observed.js";
import type { PlannedFault } from "./plan.js";

/** How long a slow task is kept from running: up to so much. */
const SLOW_MS = 500;

export class Injector {
  /** What has struck so far. */
  readonly struck: PlannedFault[] = [];
  /** That, and what found nothing to strike: at its time the main VM has looked, too. */
  readonly tried: PlannedFault[] = [];
  kills = 0;
  readonly #observed: ObservedSimulation;
  readonly #simulation: Simulation;
  readonly #faults: Iterator<PlannedFault, void>;
  #next: PlannedFault | null = null;

  constructor(observed: ObservedSimulation, faults: Iterator<PlannedFault, void>) {
    this.#observed = observed;
    this.#simulation = observed.simulation;
    this.#faults = faults;
    this.#take();
  }

  /** When the next fault strikes, in the time of the phases with faults; Infinity for never. */
  get next_ms(): number {
    return this.#next?.at_ms ?? Infinity;
  }

  /** Strikes: the time of the next fault has come. */
  strike(): void {
    const fault = this.#next!;
    this.#take();
    this.tried.push(fault);
    if (this.#perform(fault)) this.struck.push(fault);
  }

  #take(): void {
    this.#next = this.#faults.next().value ?? null;
  }

  /** False when there is nothing to strike. */
  #perform({ kind, target }: PlannedFault): boolean {
    const { system, hardware } = this.#simulation;
    switch (kind) {
      case "reboot":
        void system.reboot("a fault of the simulation");
        return true;
      case "slow":
        return this.#simulation.slow(target, SLOW_MS);
      case "nack":
      case "noise":
        void hardware?.fault(kind, target);
        return true;
    }
    if (kind === "hang" && hardware !== null && target.includes(".")) {
      void hardware.fault(kind satisfies PartFault, target);
      return true;
    }
    if (system.state !== "running" || !system.isRunning(target)) return false;
    if (kind === "hang") system.hang(target, BY_FAULTS);
    else if (kind === "memory") {
      this.#observed.strike(target);
      return this.#simulation.exhaust(target);
    } else {
      if (kind === "start") this.#simulation.failStarts(1);
      this.kills++;
      void system.kill(target, BY_FAULTS);
    }
    return true;
  }
}
