/**
 * Carries out the faults of a plan in a simulation, while faults are on.
 */
import { messagePoint, PointRule } from "../faults/point-rule.js";
import type { PlannedFault } from "../faults/text.js";
import type { ObservedSimulation } from "./observed.js";
import { type MessageFault, type Targets, type TimedFault } from "./plan.js";

/** What is to strike. */
export interface Strikers {
  /** One after the other. */
  readonly timed: Iterator<TimedFault, void>;
  readonly atMessages: readonly MessageFault[];
}

export class Injector {
  /** What has struck so far. */
  readonly struck: PlannedFault[] = [];
  /** That, and what found nothing to strike: at its time the main VM has looked, too. */
  readonly tried: PlannedFault[] = [];
  kills = 0;
  readonly #observed: ObservedSimulation;
  readonly #timed: Iterator<TimedFault, void>;
  readonly #rules: readonly PointRule[];
  #next: TimedFault | null = null;

  constructor(observed: ObservedSimulation, targets: Targets, strikers: Strikers) {
    this.#observed = observed;
    this.#timed = strikers.timed;
    this.#rules = strikers.atMessages.map((fault) => this.#ruleOf(fault, targets));
    this.#take();
  }

  /** When the next fault strikes, in the time of the phases with faults; Infinity for never. */
  get next_ms(): number {
    return this.#next?.when.at_ms ?? Infinity;
  }

  /** Strikes: the time of the next fault has come. */
  strike(): void {
    const fault = this.#next!;
    this.#take();
    this.tried.push(fault);
    this.#strike(fault, null);
  }

  /** A phase with faults begins. */
  resume(): void {
    for (const rule of this.#rules) rule.renew();
  }

  /** It is over: what has been held goes on, and no message counts. */
  rest(): void {
    for (const rule of this.#rules) rule.pause();
    this.#observed.strikes.calm();
  }

  #take(): void {
    this.#next = this.#timed.next().value ?? null;
  }

  #ruleOf(fault: MessageFault, { tasks, tagsOf }: Targets): PointRule {
    this.tried.push(fault);
    const { points } = this.#observed.simulation;
    const names = tasks.map((name) => ({ name }));
    const point = messagePoint(fault.when, names, tagsOf(fault.when.task));
    return new PointRule(
      fault.text,
      points,
      () => point,
      (pid) => this.#strike(fault, pid),
    );
  }

  #strike(fault: PlannedFault, standing: number | null): boolean {
    if (!this.#observed.strikes.strike(fault, standing)) return false;
    this.struck.push(fault);
    if (fault.kind === "kill" || fault.kind === "start") this.kills++;
    return true;
  }
}
