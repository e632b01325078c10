/**
 * The supervisor: starts the tasks of a manifest in order, and decides what follows a death.
 *
 * It lives in the main VM and never waits. A host tells it what happens to VMs (TaskEvents), poll()
 * tells it that time has passed, people tell it what they want. Each of these is decided at once,
 * and a decision calls nobody: transition.ts, verdict.ts and order.ts are pure functions. What
 * comes of it waits (consequences.ts): first the host is told what to do, then listeners what has
 * happened. Whoever calls the supervisor from there finds a state that is whole.
 */
import type { DeathCause, StandbyState } from "../status.js";
import type { TaskEvents, TaskHost } from "../task-host.js";
import { Consequences } from "./consequences.js";
import * as E from "./effects.js";
import { ManagedTask, SPARE_NONE } from "./managed-task.js";
import { startOrder } from "./order.js";
import * as O from "./outcome.js";
import { cohortWith, dueOf, isNeeded, mayStart, needsSpare } from "./schedule.js";
import * as S from "./state.js";
import type { SupervisorOptions } from "./supervisor-options.js";
import type { TaskSpec } from "./task-spec.js";
import * as V from "./plain-events.js";
import { toldCause, transition } from "./transition.js";
import { verdictOn } from "./verdict.js";

/** A VM that stands by, and could not be made or was lost, is made again so much later. */
const SPARE_RETRY_MS = 10_000;

export class Supervisor implements TaskEvents {
  /** The tasks of the manifest, in the order of their start, then others. */
  readonly tasks: ManagedTask[];
  readonly #options: SupervisorOptions;
  readonly #host: TaskHost;
  readonly #consequences: Consequences;
  readonly #places: (ManagedTask | null)[] = [];
  /** The board is about to restart: nothing is done any more. */
  #isOver = false;
  /** Nobody is watched any more: only what is ordered is started. */
  #isRetired = false;
  /** When poll() has something to do; NaN when that is to be found out. */
  #due_ms = NaN;
  /** The host is looking at its tasks; and something has been decided meanwhile. */
  #isPaused = false;
  #isToAdvance = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#host = options.host;
    this.#consequences = new Consequences(options.host, options.events);
    for (let place = 0; place <= options.places; place++) this.#places.push(null);
    const tasks = options.tasks.map((spec, i) => new ManagedTask(i + 1, spec, false));
    for (const task of tasks) {
      this.#places[task.place] = task;
      for (const other of tasks) {
        if (!task.dependsOn.includes(other.name)) continue;
        task.needs.push(other);
        other.dependents.push(task);
      }
    }
    this.tasks = startOrder(tasks);
  }

  /** The task with this name, or null. */
  lookUp(name: string): ManagedTask | null {
    return this.tasks.find((task) => task.name === name) ?? null;
  }

  /** Names of the tasks of the manifest that are to run. */
  wanted(): string[] {
    return this.tasks.filter((task) => task.isWanted && !task.isExtra).map(({ name }) => name);
  }

  /** The task that runs with this pid, or null. */
  byPid(pid: number): ManagedTask | null {
    return pid === 0 ? null : (this.tasks.find((task) => task.pid === pid) ?? null);
  }

  // -------------------------------------------------------------------------------------------
  // Orders. None blocks; every promise settles.

  /**
   * Starts tasks that do not run: what they depend on first, as far as it is started too. Ends a
   * hold, and takes back a stop. Resolves when each has a VM, or its start has failed.
   */
  start(tasks: readonly ManagedTask[]): Promise<O.Outcome> {
    return this.#order(O.ORDER_START, V.START, tasks);
  }

  /**
   * Stops tasks, each when those of them that depend on it are gone. They are not started again.
   * Resolves when all are gone.
   */
  stop(tasks: readonly ManagedTask[]): Promise<O.Outcome> {
    return this.#order(O.ORDER_STOP, V.STOP, tasks);
  }

  /**
   * Ends a task as a crash does, and has its death called so; `text` says more, if it is given.
   * Resolves when it is gone; at once when it has no VM.
   */
  kill(task: ManagedTask, cause: DeathCause = "killed", text = ""): Promise<O.Outcome> {
    return this.#order(O.ORDER_KILL, { type: S.KILL, cause, text }, [task]);
  }

  /**
   * Stops a task and starts it again; it is no death. Resolves when the old one is gone. One that
   * waits for its restart is started at once.
   */
  restart(task: ManagedTask): Promise<O.Outcome> {
    return this.#order(O.ORDER_RESTART, V.RESTART, [task]);
  }

  /** Tells a task to leave, as a death: by force past its grace. */
  terminate(task: ManagedTask): void {
    this.#happen(task, V.TERMINATE);
  }

  /** Has listeners told who gives the order that comes next: with what follows from it. */
  announceOrder(order: O.TaskOrder, task: ManagedTask, by: string): void {
    if (!this.#isOver) this.#consequences.pushNews((events) => events.ordered(task, order, by));
  }

  /** Fault injection: makes a task hang. */
  hang(task: ManagedTask): void {
    if (task.pid !== 0) this.#consequences.command(() => this.#host.hang(task.place));
    this.#consequences.flush();
  }

  /** When it dies it is not started again, until it is released. */
  hold(task: ManagedTask): void {
    this.#happen(task, V.HOLD);
  }

  /** Ends a hold, and whatever its restarts have led to: it starts at once if it is to run. */
  release(task: ManagedTask): void {
    this.#happen(task, V.RELEASE);
  }

  /** Starts a task that has died, not sooner than its minimum run time after its last start. */
  revive(task: ManagedTask): void {
    const due_ms = Math.max(this.#host.now(), task.started_ms + task.spec.restart.minRun_ms);
    this.#happen(task, { type: S.REVIVE, due_ms });
  }

  /**
   * Finds a place for a task that the manifest does not have: a free one, or that of another such
   * task which does not run. Null for none.
   */
  add(spec: TaskSpec): ManagedTask | null {
    for (let place = 1; place <= this.#options.places; place++) {
      const holder = this.#places[place]!;
      if (holder !== null && (!holder.isExtra || holder.isUp || holder.isWanted)) continue;
      if (holder !== null) this.tasks.splice(this.tasks.indexOf(holder), 1);
      const task = new ManagedTask(place, spec, true);
      this.#places[place] = task;
      this.tasks.push(task);
      return task;
    }
    return null;
  }

  /** Ends the watch: tasks run on, and those that die stay dead until somebody starts them. */
  retire(): void {
    this.#isRetired = true;
    this.#due_ms = NaN;
  }

  /**
   * The board restarts: nothing is decided any more, and every order that is under way, or comes
   * later, ends as "rebooted".
   */
  close(): void {
    this.#isOver = true;
    this.#due_ms = Infinity;
    this.#consequences.dropCommands();
    for (const task of this.tasks) task.settleAll("rebooted");
  }

  #order(kind: O.OrderKind, event: S.TaskEvent, tasks: readonly ManagedTask[]): Promise<O.Outcome> {
    if (this.#isOver) return Promise.resolve("rebooted");
    for (const task of tasks) this.#apply(task, event);
    const outcomes = tasks.map(
      (task) => new Promise<O.Outcome>((settle) => task.add({ kind, settle })),
    );
    this.#advance();
    return Promise.all(outcomes).then(O.worstOf);
  }

  // -------------------------------------------------------------------------------------------
  // What the host tells, and time.

  started(place: number, pid: number): void {
    const task = this.#places[place]!;
    if (task !== null) this.#happen(task, { type: S.STARTED, pid, load_ms: task.spec.load_ms });
  }

  ready(place: number, pid: number): void {
    const task = this.#places[place]!;
    if (task === null) return;
    this.#happen(task, { type: S.LOADED, pid, needsServices: task.spec.services.length > 0 });
  }

  gone(place: number, pid: number, cause: DeathCause | null, text: string): void {
    const task = this.#places[place]!;
    // Chance is asked only about those that were there: runs with one seed are to be alike.
    if (task === null || !S.isAbout(task.state, pid)) return;
    // Before anything follows: its place may be given to the next one.
    if (pid !== 0) this.#options.collect(task);
    const why = toldCause(task.state, cause);
    const verdict = verdictOn(task, this.tasks, why, this.#host.now(), this.#options);
    this.#happen(task, { type: S.GONE, pid, cause, text, verdict });
  }

  stuck(place: number, pid: number, text: string): void {
    const task = this.#places[place]!;
    if (task !== null) this.#happen(task, { type: S.UNENDING, pid, text });
  }

  spare(place: number, state: StandbyState, text: string): void {
    const task = this.#places[place]!;
    if (task === null || this.#isOver) return;
    task.standby = state;
    this.#due_ms = NaN;
    // What failed is tried again, but not at once.
    if (state === "none") task.spareDue_ms = this.#host.now() + SPARE_RETRY_MS;
    if (text !== "") this.#consequences.log(`the standby of ${task.name} failed: ${text}`);
    this.#dismissUnwanted(task);
    this.#consequences.flush();
  }

  /**
   * Until resume(), what happens is decided, but not acted upon or told: a host that looks at its
   * tasks is deep in calls, and a device's main VM has a short stack for listeners.
   */
  pause(): void {
    this.#isPaused = true;
  }

  /** Does and tells what has been decided since pause(). */
  resume(): void {
    this.#isPaused = false;
    if (this.#isToAdvance) this.#advance();
  }

  /** Does what is due. Allocates nothing when nothing is. */
  poll(): void {
    if (!this.#isOver) this.#advance();
  }

  /** When poll() has something to do, unless something happens before; Infinity for nothing. */
  nextDue(): number {
    // Found out once, and again when something has happened.
    if (this.#due_ms !== this.#due_ms) this.#due_ms = this.#findDue();
    return this.#due_ms;
  }

  #findDue(): number {
    const now = this.#host.now();
    let next = Infinity;
    for (let i = 0; i < this.tasks.length; i++) {
      const due = dueOf(this.tasks[i]!, now, this.#places, this.#isRetired);
      if (due < next) next = due;
    }
    return next;
  }

  // -------------------------------------------------------------------------------------------
  // Decisions.

  #happen(task: ManagedTask, event: S.TaskEvent): void {
    if (this.#isOver) return;
    this.#apply(task, event);
    this.#advance();
  }

  /** Decides about an event, and keeps what is to follow. */
  #apply(task: ManagedTask, event: S.TaskEvent): void {
    if (this.#isOver) return;
    this.#due_ms = NaN;
    const { state, effects } = transition(task.state, event, this.#host.now());
    task.state = state;
    for (const effect of effects) {
      this.#consequences.keep(task, effect);
      if (effect.does === E.FOLLOW && effect.verdict.step === "board") this.close();
    }
    this.#dismissUnwanted(task);
    task.settle(event.type === S.GONE);
  }

  /**
   * Acts and tells, then decides about what is due, and so on. In this order: what a listener
   * orders about a task that has died comes before the start that is due for it.
   */
  #advance(): void {
    this.#due_ms = this.#isOver ? Infinity : NaN;
    // Called by the host or a listener from inside: the outer call goes on.
    if (this.#consequences.isFlushing) return;
    this.#isToAdvance = this.#isPaused;
    if (this.#isPaused) return;
    const now = this.#host.now();
    do this.#consequences.flush();
    while (!this.#isOver && this.#scan(now));
    this.#consequences.flush();
  }

  /** Looks at every task once. True when something was decided. */
  #scan(now: number): boolean {
    let hasDecided = false;
    // Not for…of: it makes an iterator, a hundred times a second.
    for (let i = 0; i < this.tasks.length; i++) {
      if (this.#look(this.tasks[i]!, now)) hasDecided = true;
    }
    return hasDecided;
  }

  #look(task: ManagedTask, now: number): boolean {
    const { state } = task;
    if (S.isAlive(state) && state.next === S.NEXT_STOP) {
      if (isNeeded(task)) return false;
      this.#apply(task, V.UNNEEDED);
      return true;
    }
    switch (state.kind) {
      case S.ORDERED:
      case S.BACKOFF:
        return state.due_ms <= now && this.#begin(task, state);
      case S.LOADING:
      case S.ATTACHING:
        return this.#lookAtStart(task, state, now);
      case S.RUNNING:
        if (needsSpare(task) && task.spareDue_ms <= now) this.#standBy(task);
        return false;
      default:
        return false;
    }
  }

  /** Starts a task whose time has come, or those first that are to leave with it. */
  #begin(task: ManagedTask, state: S.Waiting): boolean {
    if (state.kind === S.BACKOFF) {
      if (this.#isRetired) return false;
      if (state.cohort.length > 0) {
        this.#gather(state.cohort);
        return true;
      }
    }
    if (!mayStart(task, state, this.#places)) return false;
    this.#apply(task, V.DUE);
    return true;
  }

  /** Has all members leave that run, the last to be started first. */
  #gather(cohort: S.Cohort): void {
    const places = cohortWith(cohort, this.#places);
    const event: S.TaskEvent = { type: S.GATHER, cohort: places };
    for (let i = this.tasks.length - 1; i >= 0; i--) {
      if (places.includes(this.tasks[i]!.place)) this.#apply(this.tasks[i]!, event);
    }
  }

  #lookAtStart(task: ManagedTask, state: S.Starting, now: number): boolean {
    const missing = state.kind === S.ATTACHING ? this.#missing(task, state.pid) : -1;
    if (state.kind === S.ATTACHING && missing < 0) {
      this.#apply(task, V.ATTACHED);
      return true;
    }
    if (now < state.limit_ms || this.#host.isDebugged()) return false;
    this.#giveUpStart(task, missing);
    return true;
  }

  /** It takes too long: it has not attached this service, or, for -1, was not even loaded. */
  #giveUpStart(task: ManagedTask, missing: number): void {
    const { services, load_ms } = task.spec;
    const what =
      missing < 0 ? "its program was not loaded" : `"${services[missing]}" was not attached`;
    this.#apply(task, { type: S.LATE, text: `${what} within ${load_ms} ms` });
  }

  /** Index of the first service that it has not attached; -1 for none. */
  #missing(task: ManagedTask, pid: number): number {
    const { services } = task.spec;
    for (let i = 0; i < services.length; i++) {
      if (!this.#options.isAttached(pid, services[i]!)) return i;
    }
    return -1;
  }

  #standBy(task: ManagedTask): void {
    const { place, spec } = task;
    this.#consequences.command(() => this.#host.standBy(place, spec));
  }

  /** Who is not to run needs nobody to stand by. */
  #dismissUnwanted(task: ManagedTask): void {
    if (task.spare === SPARE_NONE || task.isWanted) return;
    this.#consequences.command(() => this.#host.dismiss(task.place));
  }
}
