/**
 * The law that restart policies are kept, by the rules of docs/manager.md: nobody is started whom
 * its policy leaves alone, none sooner or more often than its policy says. It is told from what
 * happens, not from what the supervisor thinks.
 *
 * What is ordered, by HAM too, is no matter of a policy. Who starts with others, at a step for
 * several, starts when they do.
 */
import type { TaskDeath } from "../../../src/manager/supervise/supervisor-events.js";
import { backoff, isRestarted, type RestartPolicy } from "../../../src/manager/supervise/policy.js";
import type { TaskOrder } from "../../../src/manager/supervise/outcome.js";

/** Orders that end what its policy has led to. The others only bring about a death. */
const DECIDING: ReadonlySet<TaskOrder> = new Set(["start", "stop", "hold", "release", "restart"]);
/**
 * Clocks that are read one after the other differ by less. Where so much decides, nothing is known
 * of a task until a long run, or an order, makes it new.
 */
const UNSURE_MS = 1;

/** What a policy makes of one task. */
class Course {
  readonly name: string;
  readonly policy: RestartPolicy;
  /** The life that runs, or else the next, may start from here on; Infinity: not at all. */
  earliest_ms = -Infinity;
  /** Why, in words. */
  why = "";
  #restarts_ms: number[] = [];
  /** Steps of the ladder taken; NaN when that cannot be told. */
  #level = 0;
  /** Deaths in a row. */
  #row = 0;

  constructor(name: string, policy: RestartPolicy) {
    this.name = name;
    this.policy = policy;
  }

  /** Nothing is remembered. */
  renew(): void {
    this.#restarts_ms = [];
    this.#level = 0;
    this.#row = 0;
    this.free();
  }

  /** It may start whenever that is decided. */
  free(): void {
    this.earliest_ms = -Infinity;
    this.why = "";
  }

  /** It dies in a way that its policy may not be asked about. */
  confuse(): void {
    this.#level = NaN;
    this.free();
  }

  /** It has ended, by itself. */
  ended(): void {
    if (!isRestarted(this.policy, false)) this.#leave(`"when" is "${this.policy.when}"`);
  }

  /** It has died, after so long. True: those that dependencies connect with it start with it. */
  died(now_ms: number, ran_ms: number): boolean {
    const { policy } = this;
    if (!isRestarted(policy, true)) {
      this.#leave(`"when" is "${policy.when}"`);
      return false;
    }
    if (this.#isClose(now_ms, ran_ms)) this.#level = NaN;
    const { settled_ms, period_ms, intensity, escalate } = policy;
    this.#row = ran_ms >= settled_ms ? 1 : this.#row + 1;
    if (ran_ms >= Math.max(settled_ms, period_ms)) this.#level = 0;
    let recent = this.#restarts_ms.filter((at_ms) => now_ms - at_ms < period_ms);
    if (recent.length >= intensity && this.#level < escalate.length) {
      this.#level++;
      recent = [];
    }
    this.#restarts_ms = [...recent, now_ms];
    const step = escalate[this.#level - 1];
    if (step === "hold" || step === "board") {
      this.#leave(`its next step is "${step}", after ${intensity} restarts in ${period_ms} ms`);
      return false;
    }
    // Of two that cannot be told apart, the one that allows more.
    const row = Number.isNaN(this.#level) ? 1 : this.#row;
    const pause_ms = backoff(policy, row) * (1 - policy.jitter);
    this.earliest_ms = now_ms + Math.max(pause_ms, policy.minRun_ms - ran_ms);
    this.why = `"minRun_ms" is ${policy.minRun_ms}, its pause at least ${pause_ms} ms`;
    return step !== undefined;
  }

  #leave(why: string): void {
    this.earliest_ms = Infinity;
    this.why = why;
  }

  /** Is one of its times so close to a limit that the supervisor may have seen it beyond? */
  #isClose(now_ms: number, ran_ms: number): boolean {
    const { settled_ms, period_ms } = this.policy;
    const isNear = (ms: number, limit_ms: number): boolean => Math.abs(ms - limit_ms) < UNSURE_MS;
    return (
      isNear(ran_ms, settled_ms) ||
      isNear(ran_ms, period_ms) ||
      this.#restarts_ms.some((at_ms) => isNear(now_ms - at_ms, period_ms))
    );
  }
}

export class Policies {
  readonly #courses: ReadonlyMap<string, Course>;
  readonly #tell: (text: string) => void;
  /** Those that wait for their start, and others with them. */
  readonly #leaders = new Set<string>();
  /** Those that are on their way out because somebody wants it. */
  readonly #leaving = new Set<string>();

  /** Of the tasks of a manifest; `tell` is called with each breach. */
  constructor(
    tasks: readonly { readonly name: string; readonly restart: RestartPolicy }[],
    tell: (text: string) => void,
  ) {
    this.#courses = new Map(tasks.map(({ name, restart }) => [name, new Course(name, restart)]));
    this.#tell = tell;
  }

  /** A new board. */
  rebooted(): void {
    this.#leaders.clear();
    this.#leaving.clear();
    for (const course of this.#courses.values()) course.renew();
  }

  ordered(order: TaskOrder, name: string): void {
    if (!DECIDING.has(order)) return;
    this.#courses.get(name)?.renew();
    if (this.#leaders.delete(name)) this.#freeAll();
    if (order === "stop" || order === "restart") this.#leaving.add(name);
    else this.#leaving.delete(name);
  }

  started(name: string, now_ms: number): void {
    this.#leaving.delete(name);
    const course = this.#courses.get(name);
    // HAM's own tasks have no policy.
    if (course === undefined) return;
    this.#join(name);
    this.#judge(course, now_ms);
  }

  ended(name: string): void {
    if (!this.#leaving.has(name)) this.#courses.get(name)?.ended();
  }

  died({ name, lifetime_ms }: Pick<TaskDeath, "name" | "lifetime_ms">, now_ms: number): void {
    const course = this.#courses.get(name);
    if (course === undefined || this.#leaving.has(name)) return;
    // Its start was decided before its VM was there, and some die before they have one.
    this.#judge(course, now_ms - lifetime_ms);
    if (this.#leaders.size > 0) return course.confuse();
    if (course.died(now_ms, lifetime_ms)) this.#leaders.add(name);
  }

  /** Who leads others starts with them; who starts while there is a leader may be one of them. */
  #join(name: string): void {
    if (this.#leaders.size === 0) return;
    if (this.#leaders.delete(name)) this.#freeAll();
    else this.#courses.get(name)!.free();
  }

  #freeAll(): void {
    for (const course of this.#courses.values()) course.free();
  }

  #judge({ name, earliest_ms, why }: Course, started_ms: number): void {
    if (started_ms >= earliest_ms - UNSURE_MS) return;
    const early_ms = (earliest_ms - started_ms).toFixed(1);
    const when = earliest_ms === Infinity ? "" : ` ${early_ms} ms too soon`;
    this.#tell(`${name} was started${when}: ${why}`);
  }
}
