/**
 * Who makes runs of an application: one after the other, and what they find smaller. What it is
 * told and what it tells are plain values, as it may be another process.
 */
import { readFaultPlan } from "../../faults/text.js";
import type { FaultKind } from "../plan.js";
import type { Prepared } from "../prepare.js";
import type { RunTrace } from "../run-trace.js";
import { type Found, shrink } from "../shrink.js";
import { runTrial, targetsOf, type TrialOptions, type TrialResult } from "../trial.js";

/** A run that is wanted. */
export interface RunOrder {
  readonly seed: number;
  /** Virtual milliseconds with faults. */
  readonly duration_ms: number;
  readonly kinds: readonly FaultKind[];
  /** These faults, as they are written, and no others; null: those that follow from the seed. */
  readonly faults: readonly string[] | null;
  /** Mean number of scheduling points between two preemptions; null: by the seed. */
  readonly preemption: number | null;
  readonly allowsIo: boolean;
}

/** One that was made. */
export interface Ran {
  readonly order: RunOrder;
  readonly result: TrialResult;
}

export interface Job {
  /** Makes a run. `passed` is told now and then what of its duration is over. */
  run(order: RunOrder, passed: (ms: number) => void): Promise<Ran>;
  /** The smallest run that was found, within so much real time, to fail by the same check. */
  shrink(ran: Ran, check: string, limit_ms: number): Promise<Ran>;
  /** Ends what it is doing, with what it has. */
  cut(): void;
  /** Processor time that it has taken, in seconds. */
  cpu_s(): number;
  close(): void;
}

/** A failure is made smaller in so many runs at the most. */
const SHRINK_RUNS = 200;

/** One in this thread. */
export class LocalJob implements Job {
  readonly #app: Prepared;
  readonly #began = process.cpuUsage();
  #parts: Promise<readonly string[]> | null = null;
  #isCut = false;

  constructor(app: Prepared) {
    this.#app = app;
  }

  async run(order: RunOrder, passed: (ms: number) => void): Promise<Ran> {
    const options = await this.#optionsOf(order, passed);
    return { order, result: await runTrial(this.#app, options) };
  }

  async shrink(ran: Ran, check: string, limit_ms: number): Promise<Ran> {
    if (this.#isCut) return ran;
    const found: Found = {
      options: await this.#optionsOf(ran.order, () => undefined),
      result: ran.result,
    };
    const bound = { runs: SHRINK_RUNS, ms: limit_ms };
    const { options, result } = await shrink(this.#app, found, check, bound);
    const { duration_ms, kinds, plan, preemption } = options;
    const faults = plan === null ? null : plan.map(({ text }) => text);
    return { order: { ...ran.order, duration_ms, kinds, faults, preemption }, result };
  }

  /** Makes a run once more, until this check fails; null: to its end. Its trace follows it. */
  async retrace(ran: Ran, until: string | null, trace: RunTrace): Promise<TrialResult> {
    const options = await this.#optionsOf(ran.order, () => undefined);
    return runTrial(this.#app, { ...options, until, trace });
  }

  cut(): void {
    this.#isCut = true;
  }

  cpu_s(): number {
    const { user, system } = process.cpuUsage(this.#began);
    return (user + system) / 1e6;
  }

  close(): void {}

  async #optionsOf(order: RunOrder, passed: (ms: number) => void): Promise<TrialOptions> {
    const { faults, ...rest } = order;
    const plan = faults === null ? null : readFaultPlan(faults, await this.#targets());
    const goOn = (passed_ms: number): boolean => {
      passed(passed_ms);
      return !this.#isCut;
    };
    return { ...rest, plan, until: null, goOn };
  }

  async #targets() {
    this.#parts ??= this.#app.findParts();
    return targetsOf(this.#app, await this.#parts);
  }
}
