/**
 * Makes a run that has failed smaller: a shorter one, with fewer faults and fewer preemptions, that
 * fails by the same check. Each step is a run of its own, so it is bounded.
 */
import type { PlannedFault } from "../faults/text.js";
import type { Prepared } from "./prepare.js";
import { runTrial, type TrialOptions, type TrialResult } from "./trial.js";

/** What a run was, and what came of it. */
export interface Found {
  readonly options: TrialOptions;
  readonly result: TrialResult;
}

/** How much is tried at the most. */
export interface ShrinkBound {
  readonly runs: number;
  /** Of real time. */
  readonly ms: number;
}

/** No run is made shorter than this: phases of less say nothing. */
const DURATION_MIN_MS = 1_000;
/** Preemptions that are tried, the fewest first. */
const PREEMPTIONS = [0, 2_000, 200] as const;

class Shrinker {
  readonly #app: Prepared;
  readonly #check: string;
  readonly #end_ms: number;
  readonly #isWanted: TrialOptions["goOn"];
  #runs: number;
  best: Found;

  constructor(app: Prepared, found: Found, check: string, bound: ShrinkBound) {
    this.#app = app;
    this.#check = check;
    this.best = found;
    this.#isWanted = found.options.goOn;
    this.#runs = bound.runs;
    this.#end_ms = performance.now() + bound.ms;
  }

  get isOver(): boolean {
    return this.#runs <= 0 || !this.#goOn(0);
  }

  /** Neither has its time passed, nor is it to end. */
  readonly #goOn = (passed_ms: number): boolean =>
    performance.now() < this.#end_ms && this.#isWanted(passed_ms);

  /** Runs it with something changed. True when it fails in the same way: then it is the best. */
  async try(change: Partial<TrialOptions>): Promise<boolean> {
    if (this.isOver) return false;
    this.#runs--;
    const goOn = this.#goOn;
    const options = { ...this.best.options, ...change, goOn, until: this.#check };
    const result = await runTrial(this.#app, options);
    if (!result.failures.some(({ check }) => check === this.#check)) return false;
    this.best = { options, result };
    return true;
  }

  /** Half as long, as often as it helps. */
  async shorten(): Promise<void> {
    for (;;) {
      const { duration_ms, plan } = this.best.options;
      const half_ms = Math.round(duration_ms / 2);
      const kept = (plan ?? []).filter(({ when }) => !("at_ms" in when) || when.at_ms < half_ms);
      if (half_ms < DURATION_MIN_MS || !(await this.try({ duration_ms: half_ms, plan: kept })))
        return;
    }
  }

  /** With the last faults alone, as few as do: what has struck long before seldom matters. */
  async keepLast(): Promise<void> {
    const plan = this.#plan;
    for (let count = 1; count < plan.length && !this.isOver; count *= 2) {
      if (await this.try({ plan: plan.slice(-count) })) return;
    }
  }

  /** Without parts of the plan: halves, quarters, down to single faults. */
  async thin(): Promise<void> {
    for (let size = Math.ceil(this.#plan.length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < this.#plan.length && !this.isOver;) {
        const plan = this.#plan.filter((_, index) => index < from || index >= from + size);
        if (!(await this.try({ plan }))) from += size;
      }
    }
  }

  async calm(): Promise<void> {
    for (const preemption of PREEMPTIONS) if (await this.try({ preemption })) return;
  }

  get #plan(): readonly PlannedFault[] {
    return this.best.options.plan ?? [];
  }
}

/**
 * The smallest run that was found to fail by the check; the run itself where its faults, given as a
 * plan, do not lead there.
 */
export async function shrink(
  app: Prepared,
  found: Found,
  check: string,
  bound: ShrinkBound,
): Promise<Found> {
  const shrinker = new Shrinker(app, found, check, bound);
  const { tried, preemption } = found.result;
  if (!(await shrinker.try({ plan: tried, preemption }))) return found;
  await shrinker.try({ kinds: [] });
  if (!(await shrinker.try({ plan: [] }))) await shrinker.keepLast();
  await shrinker.shorten();
  await shrinker.thin();
  await shrinker.shorten();
  await shrinker.calm();
  return shrinker.best;
}
