/**
 * A board: made, started, restarted and stopped. Carries out what the table in board-state.ts says.
 *
 * Events are queued and decided one after the other: what a listener, or the end of an effect,
 * orders is decided after what is under way. Listeners come last, one by one, and what one of them
 * throws is reported and changes nothing.
 */
import { use, type Vm } from "../arena/vm.js";
import { closeOutbox, openOutbox, pollSend } from "../ha/async.js";
import type { BoardConfig, BoardKeeper, BoardListener } from "./board-port.js";
import type { BoardParts, BoardPort } from "./board-port.js";
import {
  type BoardEffect,
  type BoardEvent,
  type BoardState,
  type BoardStep,
  nextStep,
  stateOf,
} from "./board-state.js";
import { LaunchPlan, Waiters } from "./board-orders.js";
import { BootCount, NOBODY, UNKNOWN } from "./boot-count.js";
import { Manager } from "./manager.js";
import type { Outcome } from "./supervise/outcome.js";
import type { ManagedTask } from "./supervise/managed-task.js";
import type { Supervisor } from "./supervise/supervisor.js";
import { TaskNews } from "./task-news.js";
import { Watch } from "./watch.js";

/** An event, with what a restart is to leave for the next boot. */
interface Queued {
  readonly event: BoardEvent;
  readonly reason: string;
  readonly culprit: string;
}

export class Board implements BoardKeeper {
  readonly poll: () => void;
  readonly #port: BoardPort;
  readonly #config: BoardConfig;
  readonly #listener: BoardListener;
  readonly #boots: BootCount;
  #step: BoardStep = "off";
  #isManaged = false;
  #parts: BoardParts;
  #manager: Manager;
  /** Tasks have been started on it: the next start is with a new manager. */
  #isUsed = false;
  /** Something of it cannot be ended: the next start is with a new arena. */
  #isSpoiled = false;
  /** No task has been started since it booted: who is held for its restarts is not, either. */
  #isFresh = true;
  readonly #queue: Queued[] = [];
  /** What listeners are to be told, and callbacks to be called with, when all is done. */
  readonly #news: (() => void)[] = [];
  #isBusy = false;
  #plan = new LaunchPlan();
  readonly #stops = new Waiters();
  readonly #restarts = new Waiters();
  readonly #clearing = new Waiters();
  /** Launches whose tasks have not all begun. */
  #openLaunches = 0;
  readonly #watch: Watch;
  #stopOutcome: Outcome = "done";
  #reason = "";

  constructor(port: BoardPort, config: BoardConfig, listener: BoardListener) {
    this.#port = port;
    this.#config = config;
    this.#listener = listener;
    this.#boots = new BootCount(port.memory, config.board);
    this.#parts = port.assemble(this);
    this.#watch = new Watch({
      port,
      boots: this.#boots,
      guardian_ms: config.board.guardian_ms,
      managerOf: () => (this.#isManaged ? this.#manager : null),
      settled: () => this.#guard(),
    });
    this.#watch.parts = this.#parts;
    this.poll = this.#watch.tick.poll;
    this.#manager = this.#manage(this.#parts);
    this.#boots.begin(this.#parts.host.now());
  }

  get step(): BoardStep {
    return this.#step;
  }

  get state(): BoardState {
    return stateOf(this.#step);
  }

  /** The last board's when it is off or being restarted. */
  get manager(): Manager {
    return this.#manager;
  }

  get vm(): Vm {
    return this.#parts.vm;
  }

  /** True while a supervisor looks after tasks: it takes orders for single ones. */
  get isManaged(): boolean {
    return this.#isManaged;
  }

  /** True when a start of a single task would be undone at once: everything is being stopped. */
  get isEnding(): boolean {
    return this.state === "stopping" || this.#step === "restarting, then off";
  }

  /** Why the board was restarted before it booted; "" when it was not, or nobody could say. */
  get bootReason(): string {
    return this.#boots.reason;
  }

  // -------------------------------------------------------------------------------------------
  // Orders.

  /** Starts tasks by their names; null: all of the manifest. */
  start(names: readonly string[] | null): Promise<Outcome> {
    const chosen = names ?? this.#config.tasks.map(({ name }) => name);
    return new Promise((settle) => {
      this.#plan.add({ names: chosen, settle }, names !== null);
      this.#post("start");
    });
  }

  /** Has all tasks leave. */
  stop(): Promise<Outcome> {
    const stopped = this.#stops.join();
    this.#post("stop");
    return stopped;
  }

  /** Restarts the board by order: nobody is to blame. */
  reboot(reason: string): Promise<Outcome> {
    const restarted = this.#restarts.join();
    this.#post("reboot", reason, NOBODY);
    return restarted;
  }

  restart(reason: string, culprit: string): void {
    this.#post("reboot", reason, culprit);
  }

  keep(reason: string, culprit: string): void {
    this.#boots.keep(reason, culprit, this.#parts.host.now());
  }

  /** False for the supervisor of a board that is no more. */
  isInCharge(supervisor: Supervisor): boolean {
    return this.#isManaged && this.#manager.supervisor === supervisor;
  }

  /** Has the supervisor do something; then it may be due at another time. */
  act<Result>(act: (supervisor: Supervisor) => Result): Result {
    use(this.#parts.vm);
    try {
      return act(this.#manager.supervisor);
    } finally {
      this.#watch.acted();
    }
  }

  /** A task that was held for restarts of the board is not held for them any more. */
  forgive(name: string): void {
    this.#boots.release(name, this.#config.tasks);
  }

  /** What the next launch starts: for orders that come while no supervisor is in charge. */
  get plan(): LaunchPlan {
    return this.#plan;
  }

  /** Resolves when nothing of the board that is being restarted runs any more. */
  async cleared(outcome: Outcome): Promise<Outcome> {
    await this.#clearing.join();
    return outcome;
  }

  // -------------------------------------------------------------------------------------------
  // Events and effects.

  #post(event: BoardEvent, reason = "", culprit = NOBODY): void {
    this.#queue.push({ event, reason, culprit });
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (;;) {
        const next = this.#queue.shift();
        if (next !== undefined) this.#decide(next);
        else if (this.#news.length > 0) this.#tell(this.#news.shift()!);
        else break;
      }
    } finally {
      this.#isBusy = false;
    }
  }

  #decide(queued: Queued): void {
    const { to, effects } = nextStep(this.#step, queued.event);
    this.#step = to;
    const state = stateOf(to);
    this.#isManaged = state !== "off" && state !== "restarting";
    for (const effect of effects) this.#perform(effect, queued);
  }

  #tell(news: () => void): void {
    try {
      news();
    } catch (error) {
      this.#port.report(error);
    }
  }

  #perform(effect: BoardEffect, { reason, culprit }: Queued): void {
    switch (effect) {
      case "wake":
        return this.#wake();
      case "launch":
        return this.#launch();
      case "leave":
        return this.#leave();
      case "clear":
        return this.#clear(reason, culprit);
      case "assemble":
        this.#assemble();
        this.#isFresh = true;
        return this.#boots.begin(this.#parts.host.now());
      case "tell":
        return void this.#news.push(() => this.#listener.rebooted(this.#reason));
      case "restarted":
        return this.#restarts.settle("done");
      case "give up restart":
        return this.#restarts.settle("superseded");
      case "give up start":
        return this.#giveUpStart();
      case "stopped":
        return this.#stops.settle(this.#stopOutcome);
    }
  }
  #wake(): void {
    if (this.#isSpoiled) this.#assemble();
    else if (this.#isUsed) this.#manageAnew();
    this.#isUsed = true;
    openOutbox(this.#parts.vm);
    this.#guard();
    this.#port.wake(this.#parts, this);
  }

  /** Starts all that was ordered in one go: so the supervisor knows who waits for whom. */
  #launch(): void {
    const plan = this.#plan;
    const waiting = this.#restarts.take();
    this.#plan = new LaunchPlan();
    this.#openLaunches++;
    const launched = this.act((supervisor) => {
      const held = this.#holdCulprits(supervisor, plan);
      const isToStart = ({ name }: ManagedTask): boolean =>
        plan.names.has(name) && !held.includes(name);
      const tasks = supervisor.tasks.filter(isToStart);
      const begun = supervisor.start(tasks);
      for (const { names, settle } of plan.orders) {
        void supervisor.start(tasks.filter(({ name }) => names.includes(name))).then(settle);
      }
      for (const task of tasks) if (plan.held.delete(task.name)) supervisor.hold(task);
      return begun;
    });
    // Those that are not started yet are to be held when they are.
    for (const name of plan.held) this.#plan.hold(name, true);
    void launched.then((outcome) => {
      for (const settle of waiting) settle(outcome);
      if (--this.#openLaunches === 0) this.#post("begun");
    });
  }

  /** Holds the tasks for which the board has restarted too often; their names. */
  #holdCulprits(supervisor: Supervisor, { named }: LaunchPlan): readonly string[] {
    if (!this.#isFresh) return [];
    this.#isFresh = false;
    const culprits = this.#boots.namesHeld(this.#config.tasks);
    const held = culprits.filter((name) => !named.has(name));
    if (held.length === 0) return held;
    const { count } = this.#boots;
    this.#port.warn(`held: ${held.join(", ")}: ${count} restarts of the board have not helped`);
    for (const task of supervisor.tasks) if (held.includes(task.name)) supervisor.hold(task);
    return held;
  }

  #leave(): void {
    this.#news.push(() => this.#listener.stopping());
    void this.act((supervisor) => supervisor.stop(supervisor.tasks.slice())).then((outcome) => {
      this.#closeOutbox();
      const rested = this.#port.rest(this.#parts);
      // It may have to look for the end of what is left.
      this.#watch.acted();
      return rested.then((isClean) => {
        if (!isClean) this.#isSpoiled = true;
        this.#stopOutcome = isClean ? outcome : "stuck";
        this.#post("left");
      });
    });
  }

  #clear(reason: string, culprit: string): void {
    this.#reason = reason;
    this.#stopOutcome = "done";
    const { supervisor } = this.#manager;
    if (this.#step === "restarting") {
      for (const name of supervisor.wanted()) this.#plan.include(name, true, false);
    }
    this.#port.warn(`the board is restarted: ${reason}`);
    this.#boots.keep(reason, culprit, this.#parts.host.now());
    supervisor.close();
    this.#closeOutbox();
    void this.#port.clear(this.#parts, reason).then(() => {
      this.#clearing.settle("done");
      this.#post("cleared");
    });
  }

  #giveUpStart(): void {
    const { orders } = this.#plan;
    this.#plan = new LaunchPlan();
    for (const { settle } of orders) settle("superseded");
  }

  /** Whose send is under way is told that it has ended: nobody will look after it any more. */
  #closeOutbox(): void {
    use(this.#parts.vm);
    this.#tell(pollSend);
    const { done, status } = closeOutbox(this.#parts.vm);
    if (done !== null) this.#news.push(() => done(status));
  }

  // -------------------------------------------------------------------------------------------
  // Making.

  #assemble(): void {
    this.#parts = this.#port.assemble(this);
    this.#watch.parts = this.#parts;
    this.#manager = this.#manage(this.#parts);
    this.#isUsed = false;
    this.#isSpoiled = false;
  }

  #manageAnew(): void {
    use(this.#parts.vm);
    this.#manager.close();
    this.#manager = this.#manage(this.#parts);
  }

  #manage({ host, port }: BoardParts): Manager {
    const { tasks, board, limits } = this.#config;
    const manager = new Manager({
      host,
      tasks,
      board,
      places: limits.tasks,
      reboots: () => this.#reboots(),
      random: () => this.#port.random(),
      extension: this.#port.extension,
      events: this.#listener,
    });
    port.manager = manager;
    host.events = new TaskNews(this, manager.supervisor);
    return manager;
  }

  /** Restarts of the board in a row; none once it has run well. */
  #reboots(): number {
    if (this.#boots.poll(this.#parts.host.now()) && this.#isManaged) this.#guard();
    return this.#boots.count;
  }

  /** What is kept when the main VM stands still from now on. */
  #guard(): void {
    const { guardian_ms } = this.#config.board;
    const reason = `the main VM stood still for ${guardian_ms} ms`;
    this.#port.guard(this.#boots.recordIf(reason, UNKNOWN));
  }
}
