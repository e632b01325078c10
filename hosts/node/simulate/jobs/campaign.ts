/**
 * Runs of an application, one seed after the other, by several jobs at once. What comes of it is
 * the same with any number of jobs: results are looked at in the order of their seeds.
 */
import type { Failure } from "../../checks/judge.js";
import type { Job, Ran, RunOrder } from "./job.js";

/** A failure, and the smallest run that shows it. */
export interface FoundFailure {
  readonly failure: Failure;
  /** Of the run in which it was found. */
  readonly seed: number;
  readonly smallest: Ran;
}

/** What has come of all runs. */
export interface Outcome {
  /** In the order of their seeds. */
  readonly runs: readonly Ran[];
  readonly failures: readonly FoundFailure[];
}

export interface Campaign {
  readonly jobs: readonly Job[];
  /** Of the first run; each of the others has the next seed. */
  readonly first: RunOrder;
  readonly count: number;
  /** Each failure is made smaller within so many real milliseconds. */
  readonly shrink_ms: number;
  /** Told now and then how many runs are over, with parts of those that go on. */
  readonly show: (runs: number, failures: number) => void;
  /** No more runs. */
  readonly isCut: () => boolean;
}

class Course {
  readonly runs: Ran[] = [];
  readonly failures: FoundFailure[] = [];
  readonly #campaign: Campaign;
  /** Runs that are over, and whose turn it is not yet, by their number. */
  readonly #early = new Map<number, Ran>();
  /** What of each run that goes on is over, from 0 to 1. */
  readonly #shares = new Map<number, number>();
  #next = 0;
  #over = 0;
  #looking: Promise<void> | null = null;

  constructor(campaign: Campaign) {
    this.#campaign = campaign;
  }

  /** One job: run after run, and what is found in them. */
  async follow(job: Job): Promise<void> {
    const { first, count, isCut } = this.#campaign;
    while (this.#next < count && !isCut()) {
      const number = this.#next++;
      const order = { ...first, seed: first.seed + number };
      this.#shares.set(number, 0);
      const ran = await job.run(order, (ms) => {
        this.#shares.set(number, ms / first.duration_ms);
        this.#show();
      });
      this.#shares.delete(number);
      this.#over++;
      this.#early.set(number, ran);
      this.#show();
      await this.#look(job);
    }
  }

  #show(): void {
    let runs = this.#over;
    for (const share of this.#shares.values()) runs += share;
    this.#campaign.show(runs, this.failures.length);
  }

  /** Takes what is left: two jobs may have been done at the same moment. */
  finish(job: Job): Promise<void> {
    return this.#takeAll(job);
  }

  /** Takes the runs whose turn it is; one job at a time, and the others go on with theirs. */
  async #look(job: Job): Promise<void> {
    if (this.#looking !== null) return;
    this.#looking = this.#takeAll(job);
    try {
      await this.#looking;
    } finally {
      this.#looking = null;
    }
  }

  async #takeAll(job: Job): Promise<void> {
    for (;;) {
      const number = this.runs.length;
      const ran = this.#early.get(number);
      if (ran === undefined) return;
      this.#early.delete(number);
      this.runs.push(ran);
      for (const failure of ran.result.failures) await this.#add(job, ran, failure);
    }
  }

  /** The first failure of each check is made smaller. */
  async #add(job: Job, ran: Ran, failure: Failure): Promise<void> {
    const isKnown = this.failures.some((known) => known.failure.check === failure.check);
    const isSmall = isKnown || this.#campaign.isCut();
    const { shrink_ms } = this.#campaign;
    const smallest = isSmall ? ran : await job.shrink(ran, failure.check, shrink_ms);
    this.failures.push({ failure, seed: ran.order.seed, smallest });
  }
}

/** Makes all runs. Rejects when a job cannot go on. */
export async function runCampaign(campaign: Campaign): Promise<Outcome> {
  const course = new Course(campaign);
  await Promise.all(campaign.jobs.map((job) => course.follow(job)));
  await course.finish(campaign.jobs[0]!);
  return course;
}
