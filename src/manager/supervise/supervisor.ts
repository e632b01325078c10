/**
 * The supervisor: starts the tasks of a manifest in order, and decides what follows a death.
 *
 * It lives in the main VM and never waits. A host tells it what happens to VMs (TaskEvents), poll()
 * tells it that time has passed, and it acts through TaskHost. Whatever it decides comes from the
 * policies (policy.ts) and the order of tasks (order.ts), which are pure functions.
 */
import { ManagedTask } from "./managed-task.js";
import { connectedWith, startOrder, withDependents } from "./order.js";
import { type BoardPolicy, decide, isRestarted, type Step } from "./policy.js";
import type { DeathCause, StandbyState } from "../status.js";
import type { Outcome } from "./outcome.js";
import type { TaskEvents, TaskHost } from "../task-host.js";
import type { TaskSpec } from "./task-spec.js";

/** A VM that stands by is made when a task has run for so long: its clients come first. */
const SPARE_DELAY_MS = 100;
const SPARE_RETRY_MS = 10_000;

/** One death. */
export interface TaskDeath {
  readonly name: string;
  /** 0 when it died before it had one: its program does not compile. */
  readonly pid: number;
  readonly cause: DeathCause;
  /** What it threw, esbuild's message, the exit code; may be empty. */
  readonly text: string;
}

/** What the supervisor tells. */
export interface SupervisorEvents {
  /** Its VM exists. */
  started(task: ManagedTask): void;
  ready(task: ManagedTask): void;
  /** `isStopped`: while it was being stopped, so nothing follows. */
  died(task: ManagedTask, death: TaskDeath, isStopped: boolean): void;
  /** It has ended by itself, or obeyed the order to stop. */
  ended(task: ManagedTask, pid: number, isStopped: boolean): void;
}

/** What a supervisor is made of. */
export interface SupervisorOptions {
  readonly host: TaskHost;
  readonly tasks: readonly TaskSpec[];
  readonly board: BoardPolicy;
  /** How many tasks there is room for. */
  readonly places: number;
  /** Restarts of the board in a row so far. */
  readonly reboots: () => number;
  /** From 0 up to 1, for jitter. */
  readonly random: () => number;
  readonly events: SupervisorEvents;
}

export class Supervisor implements TaskEvents {
  /** The tasks of the manifest, in the order of their start, then others. */
  readonly tasks: ManagedTask[];
  readonly #options: SupervisorOptions;
  readonly #host: TaskHost;
  /** The board is about to restart: nothing is started any more. */
  #isOver = false;
  /** Who waits for something that is under way. */
  readonly #open: ((outcome: Outcome) => void)[] = [];
  /** Nobody is watched any more: only what is ordered is started. */
  #isRetired = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#host = options.host;
    const tasks = options.tasks.map((spec, i) => new ManagedTask(i + 1, spec, false));
    this.tasks = startOrder(tasks);
  }

  /** The task with this name, or null. */
  lookUp(name: string): ManagedTask | null {
    return this.tasks.find((task) => task.name === name) ?? null;
  }

  /** The task that runs with this pid, or null. */
  byPid(pid: number): ManagedTask | null {
    return this.tasks.find((task) => task.pid === pid && pid !== 0) ?? null;
  }

  /** Names of the tasks of the manifest that are to run. */
  wanted(): string[] {
    return this.tasks.filter((task) => task.isWanted && !task.isExtra).map(({ name }) => name);
  }

  /** Starts tasks: what they depend on first. Resolves when each has had its chance. */
  start(tasks: readonly ManagedTask[]): Promise<Outcome> {
    const now = this.#host.now();
    for (const task of tasks) {
      if (task.isWanted && !task.isHeld) continue;
      task.forget();
      task.spec = task.declared;
      task.starts = 0;
      task.group = [];
      task.want(now);
    }
    const begun = Promise.all(tasks.map((task) => task.begun()));
    this.poll();
    return this.#outcome(begun);
  }

  /** Stops tasks, each when those that depend on it are gone. Resolves when all are. */
  stop(tasks: readonly ManagedTask[]): Promise<Outcome> {
    for (const task of tasks) task.isWanted = false;
    return this.#outcome(Promise.all(tasks.map((task) => this.#stop(task, tasks))));
  }

  async #stop(task: ManagedTask, among: readonly ManagedTask[]): Promise<void> {
    const dependents = among.filter((other) => other.dependsOn.includes(task.name));
    await Promise.all(dependents.map((other) => other.gone()));
    this.#leave(task);
    await task.gone();
  }

  /** Ends a task as a crash does, and has its death called so. Resolves when it is gone. */
  kill(task: ManagedTask, cause: DeathCause = "killed"): Promise<Outcome> {
    if (!task.isUp) return this.#outcome(Promise.resolve());
    if (task.phase !== "leaving") task.ordered = cause;
    const gone = task.gone();
    this.#host.kill(task.place);
    return this.#outcome(gone);
  }

  /** Tells a task to leave, as a death: by force past its grace. */
  terminate(task: ManagedTask): void {
    if (task.phase !== "starting" && task.phase !== "running") return;
    task.ordered = "killed";
    this.#host.leave(task.place);
  }

  /** Fault injection: makes a task hang. */
  hang(task: ManagedTask): void {
    if (task.pid !== 0) this.#host.hang(task.place);
  }

  /** When it dies it is not started again, until it is released. */
  hold(task: ManagedTask): void {
    task.isHeld = true;
    if (task.phase === "idle") task.want(this.#host.now());
    task.isPending = false;
    if (task.phase === "waiting") task.begin();
  }

  /** Ends a hold, and whatever its restarts have led to: it starts at once if it is to run. */
  release(task: ManagedTask): void {
    if (!task.isHeld) return;
    task.forget();
    if (task.phase === "waiting") task.want(this.#host.now());
    this.poll();
  }

  /** Stops a task and starts it again; it is no death. Resolves when the old one is gone. */
  restart(task: ManagedTask): Promise<Outcome> {
    task.forget();
    task.group = [];
    task.want(this.#host.now());
    const gone = task.gone();
    this.#leave(task);
    this.poll();
    return this.#outcome(gone);
  }

  /**
   * Finds a place for a task that the manifest does not have: a free one, or that of another such
   * task which does not run. Null for none.
   */
  add(spec: TaskSpec): ManagedTask | null {
    for (let place = 1; place <= this.#options.places; place++) {
      const holder = this.#at(place);
      if (holder !== null && (!holder.isExtra || holder.phase !== "idle")) continue;
      if (holder !== null) this.tasks.splice(this.tasks.indexOf(holder), 1);
      const task = new ManagedTask(place, spec, true);
      this.tasks.push(task);
      return task;
    }
    return null;
  }

  /** Starts a task that has died, not sooner than its minimum run time after its last start. */
  revive(task: ManagedTask): void {
    task.isHeld = false;
    task.want(Math.max(this.#host.now(), task.started_ms + task.spec.restart.minRun_ms));
    this.poll();
  }

  /** Ends the watch: tasks run on, and those that die stay dead until somebody starts them. */
  retire(): void {
    this.#isRetired = true;
  }

  /** The board restarts: starts nothing any more, and whoever waits is told so. */
  close(): void {
    this.#isOver = true;
    for (const settle of this.#open.splice(0)) settle("rebooted");
  }

  /** Done with the promise, or over with the board. */
  #outcome(promise: Promise<unknown>): Promise<Outcome> {
    if (this.#isOver) return Promise.resolve("rebooted");
    const over = new Promise<Outcome>((resolve) => this.#open.push(resolve));
    return Promise.race([over, promise.then((): Outcome => "done")]);
  }

  /** Starts what is due. Called at each tick, and after whatever may have made something due. */
  poll(): void {
    if (this.#isOver) return;
    const now = this.#host.now();
    // Not for…of: it makes an iterator, a hundred times a second.
    for (let i = 0; i < this.tasks.length; i++) {
      const task = this.tasks[i]!;
      if (task.phase === "waiting" && this.#mayStart(task, now)) this.#launch(task, now);
      if (task.needsSpare && task.spareDue_ms <= now) this.#host.standBy(task.place, task.spec);
    }
  }

  /** When poll() has something to do at the latest; Infinity for nothing. */
  nextDue(): number {
    let next = Infinity;
    for (let i = 0; i < this.tasks.length; i++) {
      const task = this.tasks[i]!;
      const isToCome = task.phase === "waiting" && !task.isHeld;
      if (isToCome && (task.isPending || !this.#isRetired)) next = Math.min(next, task.due_ms);
      if (task.needsSpare) next = Math.min(next, task.spareDue_ms);
    }
    return this.#isOver ? Infinity : next;
  }

  started(place: number, pid: number): void {
    const task = this.#at(place);
    if (task === null) return;
    task.pid = pid;
    this.#options.events.started(task);
    task.begin();
  }

  ready(place: number, pid: number): void {
    const task = this.#at(place);
    if (task === null || task.pid !== pid) return;
    if (task.phase === "starting") task.phase = "running";
    task.isPending = false;
    this.#options.events.ready(task);
    task.spareDue_ms = this.#host.now() + SPARE_DELAY_MS;
    this.poll();
  }

  gone(place: number, pid: number, cause: DeathCause | null, text: string): void {
    const task = this.#at(place);
    if (task === null || !task.isUp || task.pid !== pid) return;
    const phase = task.phase;
    // A kill stays one when the task is stopped before it is gone.
    const isOrderly = phase === "leaving" && task.ordered === null;
    const isByForce = cause === null || cause === "killed" || cause === "stuck";
    const told = task.ordered !== null && isByForce ? task.ordered : cause;
    task.pid = 0;
    task.ordered = null;
    task.phase = "idle";
    if (isOrderly) this.#left(task, pid, cause, text);
    else if (told === null) this.#ended(task, pid);
    else this.#died(task, pid, told, text);
    task.settle();
    this.poll();
  }

  spare(place: number, state: StandbyState, text: string): void {
    const task = this.#at(place);
    if (task === null) return;
    task.standby = state;
    // What failed is tried again, but not at once.
    if (state === "none") task.spareDue_ms = this.#host.now() + SPARE_RETRY_MS;
    if (text !== "") this.#host.log(`the standby of ${task.name} failed: ${text}`);
  }

  #at(place: number): ManagedTask | null {
    return this.tasks.find((task) => task.place === place) ?? null;
  }

  #mayStart(task: ManagedTask, now: number): boolean {
    if (!task.isWanted || task.isHeld || task.due_ms > now) return false;
    if (this.#isRetired && !task.isPending) return false;
    for (let i = 0; i < task.group.length; i++) {
      if (task.group[i]!.phase === "leaving") return false;
    }
    for (let i = 0; i < this.tasks.length; i++) {
      const other = this.tasks[i]!;
      if (other.isPending && task.dependsOn.includes(other.name)) return false;
    }
    return true;
  }

  #launch(task: ManagedTask, now: number): void {
    task.starts++;
    task.phase = "starting";
    task.group = [];
    task.started_ms = now;
    task.ordered = null;
    this.#host.launch(task.place, task.spec);
  }

  #leave(task: ManagedTask): void {
    if (task.standby !== "none" && !task.isWanted) this.#host.dismiss(task.place);
    if (task.phase === "waiting" && !task.isWanted) {
      task.phase = "idle";
      task.begin();
    }
    if (!task.isUp || task.phase === "leaving") return;
    task.phase = "leaving";
    this.#host.leave(task.place);
  }

  /** It left because it was told to, for a stop or a restart that is no death. */
  #left(task: ManagedTask, pid: number, cause: DeathCause | null, text: string): void {
    const { events } = this.#options;
    if (cause === null) events.ended(task, pid, true);
    else events.died(task, { name: task.name, pid, cause, text }, true);
    if (task.isWanted) task.phase = "waiting";
  }

  #ended(task: ManagedTask, pid: number): void {
    task.isPending = false;
    this.#options.events.ended(task, pid, false);
    if (isRestarted(task.spec.restart, false) && task.isWanted) this.#follow(task, "it ended");
    else task.isWanted = false;
  }

  #died(task: ManagedTask, pid: number, cause: DeathCause, text: string): void {
    task.isPending = false;
    task.lastCause = cause;
    task.lastText = text;
    task.died_ms = this.#host.now();
    this.#options.events.died(task, { name: task.name, pid, cause, text }, false);
    if (isRestarted(task.spec.restart, true) && task.isWanted) this.#follow(task, cause);
    // Unless an action of the manager, which was told of the death, has asked for it.
    else if (task.phase === "idle") task.isWanted = false;
  }

  /** Does what the policy of a task that is gone says. */
  #follow(task: ManagedTask, why: string): void {
    const { restart } = task.spec;
    const now = this.#host.now();
    const before = task.history;
    const next = decide(restart, before, task.started_ms, now, this.#options.random());
    task.history = next.history;
    task.due_ms = next.due_ms;
    task.phase = "waiting";
    if (next.history.level > before.level) this.#tell(task, next.step);
    this.#take(task, next.step, why);
  }

  #tell(task: ManagedTask, step: Step): void {
    const { intensity, period_ms } = task.spec.restart;
    this.#host.log(
      `${task.name}: more than ${intensity} restarts within ${period_ms} ms, next step: ${step}`,
    );
  }

  #take(task: ManagedTask, step: Step, why: string): void {
    task.step = step;
    if (step === "hold") {
      this.hold(task);
    } else if (step === "board") {
      this.#reboot(task, why);
    } else if (step !== "task") {
      const members =
        step === "rest_for_one"
          ? withDependents(this.tasks, task)
          : connectedWith(this.tasks, task);
      this.#regroup(task, members);
    }
  }

  /** Has all members leave that run, to be started in order when all are gone. */
  #regroup(task: ManagedTask, members: readonly ManagedTask[]): void {
    const group = members.filter((member) => member.isWanted && !member.isHeld);
    for (const member of group.slice().reverse()) {
      member.group = group;
      member.isPending = true;
      member.due_ms = task.due_ms;
      this.#leave(member);
    }
  }

  /** Restarts the board; once that has not helped, it holds the task. */
  #reboot(task: ManagedTask, why: string): void {
    const { board } = this.#options;
    const reboots = this.#options.reboots();
    if (reboots >= board.rebootsMax) {
      this.#host.log(
        `${task.name} is held: ${reboots} restarts of the board in a row have not helped`,
      );
      task.step = "hold";
      this.hold(task);
      return;
    }
    this.#isOver = true;
    this.#host.reboot(`task ${task.name} keeps dying, the last time of ${why}`);
  }
}
