/**
 * The manager's slow look at all tasks, whether or not they have a heartbeat: who waits in a ring,
 * which server does not answer, who shows no sign, who recovers and since when.
 *
 * It comes twice a second, half as often while nobody waits for an answer, more often for a short
 * answer_ms, and makes nothing new while all is well. What it finds it tells once all tasks have
 * been looked at.
 */
import { PID_INDEX_MASK } from "../../arena/layout.js";
import { createVitals, type Vitals } from "../../kernel/inspect/vitals.js";
import { MAIN_PID } from "../../kernel/task/task.js";
import { Activity } from "./activity.js";
import { Answers } from "./answers.js";
import type { Nudger } from "./nudger.js";
import { Rings } from "./rings.js";

/** Two looks prove a deadlock: it is told after half a second to one and a half. */
const LOOK_MS = 500;
const LOOK_MIN_MS = 10;
/** A message may be held for up to two looks longer than it may: half as long again. */
const LOOKS_PER_ANSWER = 4;
/** Looks between two nudges of a task that nobody watches: only `ps` asks. */
const LOOKS_PER_NUDGE = 4;
/** More time than this between two looks: main stood still. That is not the servers' time. */
const LATE_LOOKS = 2;

/** A task to look at. */
export interface Watchable {
  /** Its index in the arena. */
  readonly place: number;
  /** 0 while it has no VM. */
  readonly pid: number;
  readonly spec: { readonly answer_ms: number };
}

/** What the lookout asks, and whom it tells. */
export interface LookoutListener<Task> {
  /** Looks at a task's signs of life; false when it is not alive. */
  lookAt(pid: number, into: Vitals): boolean;
  /** Does no task wait for an answer, or recover? */
  isCalm(): boolean;
  /** Is nobody to be found to hang, for now? */
  isLenient(): boolean;
  /** These wait for each other for ever: each for the next, the last for the first. */
  deadlocked(ring: readonly Task[]): void;
  /** A server has held a message of a client for longer than its answer_ms. Once for each pid. */
  overdue(server: Task, clientPid: number, held_ms: number): void;
}

export class Lookout<Task extends Watchable> {
  readonly activity: Activity;
  readonly #tasks: readonly Task[];
  readonly #nudger: Nudger;
  readonly #listener: LookoutListener<Task>;
  readonly #rings: Rings;
  /** Null where no task has an `answer_ms`. */
  readonly #answers: Answers | null;
  readonly #vitals = createVitals();
  readonly #look_ms: number;
  #due_ms = -Infinity;
  #last_ms = 0;
  #looks = 0;
  /** Nobody waited for an answer at the last look. */
  #isCalm = false;
  /** Rounds of LOOKS_PER_NUDGE looks so far. */
  #round = 0;

  /** `tasks`: the supervisor's list. `places` of the arena: tasks and the main VM. */
  constructor(
    tasks: readonly Task[],
    places: number,
    nudger: Nudger,
    listener: LookoutListener<Task>,
  ) {
    this.#tasks = tasks;
    this.#nudger = nudger;
    this.#listener = listener;
    this.#rings = new Rings(places);
    this.activity = new Activity(places);
    let look_ms = LOOK_MS;
    let hasAnswers = false;
    for (const { spec } of tasks) {
      if (spec.answer_ms === 0) continue;
      hasAnswers = true;
      look_ms = Math.max(LOOK_MIN_MS, Math.min(look_ms, spec.answer_ms / LOOKS_PER_ANSWER));
    }
    this.#look_ms = look_ms;
    this.#answers = hasAnswers ? new Answers(places) : null;
  }

  /** When the next look is due; Infinity while no task runs. */
  nextDue(): number {
    for (let i = 0; i < this.#tasks.length; i++) {
      if (this.#tasks[i]!.pid !== 0) return this.#due_ms;
    }
    return Infinity;
  }

  /** Looks when it is time. */
  poll(now: number): void {
    if (now < this.#due_ms) return;
    const elapsed_ms = Math.min(now - this.#last_ms, LATE_LOOKS * this.#look_ms);
    this.#last_ms = now;
    this.#due_ms = now + this.#look_ms;
    this.#looks++;
    const wasCalm = this.#isCalm;
    this.#isCalm = this.#listener.isCalm();
    // Twice in a row: what the look before has seen is forgotten, and there is nothing to find.
    const isToFind = !this.#isCalm || !wasCalm;
    if (!isToFind && this.#answers === null) {
      // Then every second look is left out.
      this.#looks++;
      this.#due_ms += this.#look_ms;
    }
    const round = Math.floor(this.#looks / LOOKS_PER_NUDGE);
    const isNudging = round !== this.#round;
    this.#round = round;
    if (isToFind) this.#find(now, elapsed_ms, isNudging);
    else if (isNudging) this.#noteActivity(now);
  }

  #find(now: number, elapsed_ms: number, isNudging: boolean): void {
    this.#note(now, isNudging);
    this.#rings.search();
    const answers = this.#answers;
    if (answers !== null && !this.#listener.isLenient()) this.#judge(answers, elapsed_ms);
    for (let i = 0; i < this.#tasks.length; i++) {
      const { place, pid } = this.#tasks[i]!;
      if (this.#rings.isNew(place)) this.#listener.deadlocked(this.ringOf(pid)!);
    }
  }

  /** The ring that a task is in, beginning with it: each waits for the next. Null for none. */
  ringOf(pid: number): readonly Task[] | null {
    const first = pid & PID_INDEX_MASK;
    if (pid === 0 || !this.#rings.has(first, pid)) return null;
    const ring: Task[] = [];
    let place = first;
    do {
      ring.push(this.#at(place)!);
      place = this.#rings.after(place);
    } while (place !== first);
    return ring;
  }

  #note(now: number, isNudging: boolean): void {
    for (let i = 0; i < this.#tasks.length; i++) {
      const { place, pid } = this.#tasks[i]!;
      if (pid === 0 || !this.#listener.lookAt(pid, this.#vitals)) {
        this.#rings.forget(place);
        continue;
      }
      this.#rings.note(place, pid, this.#vitals);
      this.#answers?.note(place, this.#vitals);
      this.activity.note(place, pid, this.#vitals, now);
      if (isNudging) this.#nudger.nudge(pid, this.#vitals);
    }
  }

  /** All that there is to note while nobody waits for an answer. */
  #noteActivity(now: number): void {
    const vitals = this.#vitals;
    for (let i = 0; i < this.#tasks.length; i++) {
      const { place, pid } = this.#tasks[i]!;
      if (pid === 0 || !this.#listener.lookAt(pid, vitals)) continue;
      this.activity.note(place, pid, vitals, now);
      if (vitals.isInLoop) this.#nudger.nudge(pid, vitals);
    }
  }

  /** Of each client: has its server held its message for too long? */
  #judge(answers: Answers, elapsed_ms: number): void {
    this.#judgeOf(answers, 0, MAIN_PID, elapsed_ms);
    for (let i = 0; i < this.#tasks.length; i++) {
      const { place, pid } = this.#tasks[i]!;
      if (pid !== 0) this.#judgeOf(answers, place, pid, elapsed_ms);
    }
  }

  #judgeOf(answers: Answers, place: number, pid: number, elapsed_ms: number): void {
    if (!this.#listener.lookAt(pid, this.#vitals)) return;
    const held_ms = answers.age(place, this.#vitals, elapsed_ms);
    if (held_ms === 0) return;
    const server = this.#at(this.#vitals.waitsFor & PID_INDEX_MASK);
    if (server === null || server.pid !== this.#vitals.waitsFor) return;
    const { answer_ms } = server.spec;
    if (answer_ms === 0 || held_ms <= answer_ms) return;
    if (!answers.isNews(server.place, server.pid)) return;
    this.#listener.overdue(server, pid, held_ms);
  }

  #at(place: number): Task | null {
    for (let i = 0; i < this.#tasks.length; i++) {
      if (this.#tasks[i]!.place === place) return this.#tasks[i]!;
    }
    return null;
  }
}
