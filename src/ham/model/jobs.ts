/**
 * Jobs: the actions of conditions that have fired, in rows that take the place of QNX's threads.
 *
 * One row is shared by all conditions that never wait (HCONDNOWAIT), one by all others, and each
 * independent condition has its own. A waitfor holds up its own row. Nothing here blocks: poll()
 * does what can be done now.
 */
import { NO_RESULT } from "../../kernel/errno.js";
import { errnoName } from "../../manager/for-extensions.js";
import type { TaskControl } from "../../manager/task-control.js";
import * as C from "../protocol/constants.js";
import { carryOut, type Occasion } from "./actions.js";
import { type Action, type Condition, type Entity, pathOf, type Step } from "./tree.js";
import type { Registry } from "./registry.js";

/**
 * Jobs at a time: more than a condition each, before it is said that events come faster than a
 * waitfor lets them be dealt with.
 */
export const JOBS_MAX = 96;
/** Of these, how many may be of what clients report: the rest is for what the manager has seen. */
export const REPORTED_JOBS_MAX = 48;

/** From this ham_verbose() level on, the log tells of actions that fail; then of all. */
const VERBOSITY_FAILURES = 1;
const VERBOSITY_ALL = 2;

interface Job {
  readonly entity: Entity;
  readonly condition: Condition;
  /** The event's type. */
  readonly type: number;
  readonly actions: readonly Action[];
  /** The next one. */
  index: number;
  /** The action-fail list of that one and how far it is; null while it has not failed. */
  fails: readonly Step[] | null;
  failIndex: number;
  /** Since when the step waits; NaN while none does. */
  since_ms: number;
}

interface Row {
  /** null for the two that are shared. */
  readonly condition: Condition | null;
  readonly jobs: Job[];
}

/** What the jobs tell the model. */
export interface JobListener {
  verbosity: number;
  /** A job of this entity has ended. */
  jobEnded(entity: Entity, type: number): void;
}

export class Jobs {
  readonly #control: TaskControl;
  readonly #registry: Registry;
  readonly #listener: JobListener;
  readonly #nowait: Row = { condition: null, jobs: [] };
  readonly #other: Row = { condition: null, jobs: [] };
  /** Those two first, then the independent ones that have something to do. */
  readonly #rows: Row[] = [this.#nowait, this.#other];
  #count = 0;

  constructor(control: TaskControl, registry: Registry, listener: JobListener) {
    this.#control = control;
    this.#registry = registry;
    this.#listener = listener;
  }

  get count(): number {
    return this.#count;
  }

  /** Adds the actions of a condition that has fired. False when there is no room. */
  add(entity: Entity, condition: Condition, type: number, actions: readonly Action[]): boolean {
    if (this.#count === JOBS_MAX) return false;
    this.#count++;
    this.#rowOf(condition).jobs.push({
      entity,
      condition,
      type,
      actions,
      index: 0,
      fails: null,
      failIndex: 0,
      since_ms: NaN,
    });
    return true;
  }

  #rowOf(condition: Condition): Row {
    if ((condition.flags & C.HCONDNOWAIT) !== 0) return this.#nowait;
    if ((condition.flags & C.HCONDINDEPENDENT) === 0) return this.#other;
    for (let i = 0; i < this.#rows.length; i++) {
      if (this.#rows[i].condition === condition) return this.#rows[i];
    }
    const row: Row = { condition, jobs: [] };
    this.#rows.push(row);
    return row;
  }

  /** Drops everything. */
  clear(): void {
    this.#count = 0;
    this.#nowait.jobs.length = 0;
    this.#other.jobs.length = 0;
    this.#rows.length = 2;
  }

  /** Is there nothing to do, now or later? */
  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Does what can be done now, in all rows. */
  poll(now: number): void {
    if (this.#count === 0) return;
    for (let i = 0; i < this.#rows.length; i++) this.#advance(this.#rows[i], now);
    for (let i = this.#rows.length - 1; i >= 2; i--) {
      if (this.#rows[i].jobs.length === 0) this.#rows.splice(i, 1);
    }
  }

  /** When there is something to do next: now, at the end of a waitfor, or never (Infinity). */
  nextDue(now: number): number {
    let due = Infinity;
    for (let i = 0; i < this.#rows.length; i++) {
      if (this.#rows[i].jobs.length === 0) continue;
      const job = this.#rows[i].jobs[0];
      const { spec } = stepOf(job);
      const waits = !isNaN(job.since_ms) && spec.kind === "waitfor";
      const next = waits ? job.since_ms + spec.delay_ms : now;
      if (next < due) due = next;
    }
    return due;
  }

  #advance({ jobs }: Row, now: number): void {
    // Only what is there now: what an action brings about, in this row, waits for the next poll.
    for (let left = jobs.length; left > 0 && jobs.length > 0; left--) {
      const job = jobs[0];
      if (!this.#finish(job, now)) return;
      // Not there any more when an action has stopped the manager.
      if (jobs[0] !== job) return;
      jobs.shift();
      this.#count--;
      this.#listener.jobEnded(job.entity, job.type);
    }
  }

  /** Goes on with a job. True when it has come to its end. */
  #finish(job: Job, now: number): boolean {
    while (job.index < job.actions.length) {
      if (isDropped(job)) return true;
      const action = job.actions[job.index];
      if (job.fails === null && isActive(action)) {
        const status = this.#do(job, action, pathOf(action.condition, action.name), now);
        if (status === NO_RESULT) return false;
        if (status < 0) {
          job.fails = action.fails.slice();
          job.failIndex = 0;
        }
      }
      if (job.fails !== null) {
        if (!this.#finishFails(job, action, job.fails, now)) return false;
        job.fails = null;
        this.#drop(action);
        if ((action.flags & C.HACTIONBREAKONFAIL) !== 0) return true;
      }
      job.index++;
      job.since_ms = NaN;
    }
    return true;
  }

  /** Goes on with the action-fail list of an action. True when it has come to its end. */
  #finishFails(job: Job, action: Action, fails: readonly Step[], now: number): boolean {
    const path = pathOf(action.condition, action.name);
    while (job.failIndex < fails.length) {
      const step = fails[job.failIndex];
      const status = step.isRemoved ? 0 : this.#do(job, step, `${path}/${step.name}`, now);
      if (status === NO_RESULT) return false;
      job.failIndex++;
      job.since_ms = NaN;
      if (status >= 0) continue;
      if ((step.flags & C.HACTIONKEEPONFAIL) === 0) this.#registry.removeFail(action, step);
      if ((step.flags & C.HACTIONBREAKONFAIL) !== 0) return true;
    }
    return true;
  }

  /** An action that has failed goes, unless it is to stay. */
  #drop(action: Action): void {
    if ((action.flags & C.HACTIONKEEPONFAIL) === 0) this.#registry.removeAction(action);
  }

  #do(job: Job, step: Step, path: string, now: number): number {
    if (isNaN(job.since_ms)) job.since_ms = now;
    const { verbosity } = this.#listener;
    const { entity, since_ms } = job;
    const occasion: Occasion = { entity, since_ms, now, verbosity, path };
    const status = carryOut(this.#control, step, occasion);
    if (status === NO_RESULT) return status;
    job.since_ms = NaN;
    if (verbosity >= (status < 0 ? VERBOSITY_FAILURES : VERBOSITY_ALL)) {
      this.#control.log(`ham: ${path}: ${status < 0 ? errnoName(status) : "done"}`);
    }
    return status;
  }
}

/** The step at which a job stands. */
function stepOf({ actions, index, fails, failIndex }: Job): Step {
  return fails === null ? actions[index] : fails[failIndex];
}

/** A client has taken away what it belongs to. Of a detached entity only the farewell is left. */
function isDropped({ condition, entity, type }: Job): boolean {
  return condition.isRemoved || (entity.isDetached && type !== C.CONDDETACH);
}

/** Neither it nor what it stands below is disabled. */
function isActive({ isRemoved, isEnabled, condition }: Action): boolean {
  return !isRemoved && isEnabled && condition.isEnabled && condition.entity.isEnabled;
}
