/**
 * The system that an application holds in its hands: what the System of every host has in common.
 *
 * A host gives a BoardPort: how a board is made, looked after and ended. What becomes of the board
 * as a whole is for board.ts, what becomes of a task for the supervisor. Every call here that
 * returns a promise settles, with an Outcome that says what happened. Listeners are told when all
 * has been decided and done.
 */
import { layoutIn } from "../arena/arena.js";
import type { Layout } from "../arena/regions.js";
import { use } from "../arena/vm.js";
import { readTrace, type TraceRecord } from "../kernel/inspect/trace.js";
import { traceDied, traceReady, traceStarted } from "../kernel/trace/points.js";
import {
  type ChannelView,
  type ConnectionView,
  viewChannels,
  viewConnections,
} from "../kernel/inspect/connections.js";
import { type SystemUsage, viewUsage } from "../kernel/inspect/usage.js";
import type { BoardConfig, BoardListener, BoardPort } from "./board-port.js";
import type { BoardState } from "./board-state.js";
import { Board } from "./board.js";
import type { HamDirectory, TaskStatus } from "./status.js";
import type { ManagedTask } from "./supervise/managed-task.js";
import type { Outcome, TaskOrder } from "./supervise/outcome.js";
import type { TaskDeath } from "./supervise/supervisor-events.js";

/** A task, or the main VM, as `system.view()` shows it. */
export type TaskView = TaskStatus;

/** Who gives an order, when the call does not say. */
const PROGRAM = "program";

/** What every system tells its listeners, and with what. */
export interface BoardEvents {
  /** The board has been restarted, and why. All tasks are new, and stable state is empty. */
  reboot: [reason: string];
  /** The VM of a task exists. */
  start: [name: string, pid: number];
  /** A task is ready: its program is loaded, and the services of its manifest are attached. */
  ready: [name: string, pid: number];
  /** A task is dead. What follows is for its restart policy to say. */
  death: [death: TaskDeath];
  /** A task has ended by itself without an error, or has obeyed the order to stop. */
  end: [name: string, pid: number];
  /** Tasks wait for each other, each for the next, the last for the first, and will for ever. */
  deadlock: [names: readonly string[]];
  /**
   * Somebody wants something done with a task: "program", "control" for another terminal, "ham", or
   * whatever the call gave as `by`. Comes before what follows from it.
   */
  order: [order: TaskOrder, name: string, by: string];
  /** A task was told to leave, and its VM could not be ended: it is still there. */
  stuck: [name: string, pid: number, text: string];
  /** The whole system is being stopped. */
  stop: [];
}

type Tell = <Name extends keyof BoardEvents>(event: Name, ...values: BoardEvents[Name]) => void;

/** What a board tells, as events. */
class BoardNews implements BoardListener {
  readonly #tell: Tell;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  started(name: string, pid: number): void {
    traceStarted(pid);
    this.#tell("start", name, pid);
  }

  ready(name: string, pid: number): void {
    traceReady(pid);
    this.#tell("ready", name, pid);
  }

  died(death: TaskDeath): void {
    traceDied(death.pid);
    this.#tell("death", death);
  }

  ended(name: string, pid: number): void {
    traceDied(pid);
    this.#tell("end", name, pid);
  }

  stuck(name: string, pid: number, text: string): void {
    this.#tell("stuck", name, pid, text);
  }

  deadlocked(names: readonly string[]): void {
    this.#tell("deadlock", names);
  }

  ordered(order: TaskOrder, name: string, by: string): void {
    this.#tell("order", order, name, by);
  }

  rebooted(reason: string): void {
    this.#tell("reboot", reason);
  }

  stopping(): void {
    this.#tell("stop");
  }
}

export abstract class SystemFacade {
  readonly #board: Board;

  protected constructor(port: BoardPort, config: BoardConfig) {
    this.#board = new Board(
      port,
      config,
      new BoardNews((event, ...values) => this.tell(event, ...values)),
    );
  }

  /** Tells the listeners of an event, each guarded from what the others throw. */
  protected abstract tell<Name extends keyof BoardEvents>(
    event: Name,
    ...values: BoardEvents[Name]
  ): void;

  /** Why the board was restarted before this start of it; "" when it was not. */
  protected get bootReason(): string {
    return this.#board.bootReason;
  }

  /** What the system as a whole is doing. */
  get state(): BoardState {
    return this.#board.state;
  }

  /** The arena's layout. */
  get layout(): Layout {
    return layoutIn(this.#board.vm.words);
  }

  /**
   * Makes this system the one that calls of "reattach" in the main VM work on. boot() has done so;
   * only a process with several systems needs it.
   */
  use(): void {
    use(this.#board.vm);
  }

  /**
   * Starts one task, or all, each after those that it depends on. After a stop() of everything it
   * starts again, as after boot(); stable state and what the main VM has attached are still there.
   *
   * Resolves when their VMs exist or have had their chance: a program that does not compile is a
   * "death". "superseded": a stop came first, or everything is being stopped and one task alone is
   * not started; "rebooted": the board restarted meanwhile, which starts them too. Rejects for an
   * unknown name.
   */
  start(name?: string): Promise<Outcome> {
    if (name === undefined) return this.#board.start(null);
    return this.#order(name, (task) => {
      if (this.#board.isEnding) return Promise.resolve("superseded");
      if (this.#board.isManaged) this.#note("start", task, PROGRAM);
      return this.#board.start([name]);
    });
  }

  /**
   * Stops one task, or all and then the system, each when those that depend on it are gone: it is
   * told to leave, and when it does not, it is ended by force; on a device, the board restarts.
   * Stopped tasks are not restarted. Resolves when they are gone; a whole system, when nothing of
   * it is left. "stuck": something cannot be ended, and is still there; "rebooted": the board
   * restarted, which ended them. Rejects for an unknown name.
   */
  stop(name?: string): Promise<Outcome> {
    if (name === undefined) return this.#board.stop();
    return this.#order(name, (task) => {
      this.#board.plan.include(name, false, true);
      if (this.#board.isManaged) {
        this.#note("stop", task, PROGRAM);
        return this.#board.act((supervisor) => supervisor.stop([task]));
      }
      return this.#afterRestart("done");
    });
  }

  /**
   * Ends a task as a crash does: at an arbitrary point; on a device at its next pass through the
   * kernel or from its event loop, and the board restarts when it does not come there. Resolves
   * when its death has been worked through. "stuck": it cannot be ended; "rebooted": the restart
   * of the board has ended it, and that is no death. Rejects for an unknown name. `by` says in the
   * event "order" who wants it.
   */
  kill(name: string, by = PROGRAM): Promise<Outcome> {
    return this.#order(name, (task) => {
      if (this.#board.isManaged) {
        this.#note("kill", task, by);
        return this.#board.act((supervisor) => supervisor.kill(task));
      }
      return this.#afterRestart("rebooted");
    });
  }

  /**
   * Stops a task and starts it again; it is no death. Resolves when the old VM is gone.
   * "superseded": it was stopped before it came to that, or everything is being stopped;
   * "rebooted": the board restarted, which starts it too. Rejects for an unknown name. `by` as in
   * kill().
   */
  restart(name: string, by = PROGRAM): Promise<Outcome> {
    return this.#order(name, (task) => {
      if (this.#board.isEnding) return Promise.resolve("superseded");
      if (this.#board.isManaged) {
        this.#note("restart", task, by);
        return this.#board.act((supervisor) => supervisor.restart(task));
      }
      if (this.#board.state === "off") return this.#board.start([name]);
      this.#board.plan.include(name, true, true);
      return this.#afterRestart("rebooted");
    });
  }

  /**
   * Restarts the board: ends all tasks, wherever they are, and begins again with a new arena. What
   * the main VM was connected to is gone. Resolves when the tasks that ran are started again; two
   * at once are one. "superseded": everything is being stopped. A device restarts, and tells why
   * at its next start.
   */
  reboot(reason: string): Promise<Outcome> {
    return this.#board.reboot(reason);
  }

  /**
   * Makes a task hang: alive as a VM, deaf to everything. Throws for an unknown name. `by` as in
   * kill().
   */
  hang(name: string, by = PROGRAM): void {
    const task = this.#find(name);
    if (!this.#board.isManaged) return;
    this.#note("hang", task, by);
    this.#board.act((supervisor) => supervisor.hang(task));
  }

  /**
   * From its next death on the task is not started again, until it is released. Throws for an
   * unknown name. `by` as in kill().
   */
  hold(name: string, by = PROGRAM): void {
    const task = this.#find(name);
    if (!this.#isInCharge) return this.#board.plan.hold(name, true);
    this.#note("hold", task, by);
    this.#board.act((supervisor) => supervisor.hold(task));
  }

  /**
   * Ends a hold. A task that died meanwhile starts at once. Throws for an unknown name. `by` as in
   * kill().
   */
  release(name: string, by = PROGRAM): void {
    const task = this.#find(name);
    this.#board.plan.hold(name, false);
    this.#board.forgive(name);
    if (!this.#isInCharge) return;
    this.#note("release", task, by);
    this.#board.act((supervisor) => supervisor.release(task));
  }

  /** True while a task has a VM and is ready. Throws for an unknown name. */
  isRunning(name: string): boolean {
    const task = this.#find(name);
    return this.#board.isManaged && task.isReady;
  }

  /** A look at every task, the main VM first. Makes new objects: for a person, not for a loop. */
  view(): TaskView[] {
    this.use();
    return [this.#board.manager.main(), ...this.ps()];
  }

  /** What the manager knows of every task. Makes new objects. */
  ps(): TaskStatus[] {
    this.use();
    return this.#board.manager.ps();
  }

  /** What the manager watches, and what it is to do: QNX's /proc/ham. Makes new objects. */
  ham(): HamDirectory {
    return this.#board.manager.ham();
  }

  /** Every connection: who may send to whom, and what is under way. Makes new objects. */
  connections(): ConnectionView[] {
    this.use();
    return viewConnections();
  }

  /** Every channel, and what waits in it. Makes new objects. */
  channels(): ChannelView[] {
    this.use();
    return viewChannels();
  }

  /** How full the tables are, and were at the most. */
  usage(): SystemUsage {
    this.use();
    return viewUsage();
  }

  /** The last rare events: starts, deaths, recoveries. */
  trace(): TraceRecord[] {
    this.use();
    return readTrace();
  }

  /**
   * Does what is due: looks at the tasks, and moves a send under way on. A timer calls it a hundred
   * times a second; call it from a loop of your own to have an answer sooner. Does not block.
   */
  poll(): void {
    this.#board.poll();
  }

  #note(order: TaskOrder, task: ManagedTask, by: string): void {
    this.#board.manager.supervisor.announceOrder(order, task, by);
  }

  /** Is there a supervisor whose tasks are to run? Else holds are for the next start. */
  get #isInCharge(): boolean {
    return this.#board.isManaged && !this.#board.isEnding;
  }

  /** Has something done with a task; a rejection for an unknown name. */
  #order(name: string, act: (task: ManagedTask) => Promise<Outcome>): Promise<Outcome> {
    try {
      return act(this.#find(name));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** For a board without a supervisor: it restarts, or it is off and nothing runs. */
  #afterRestart(outcome: Outcome): Promise<Outcome> {
    return this.#board.state === "off" ? Promise.resolve("done") : this.#board.cleared(outcome);
  }

  #find(name: string): ManagedTask {
    const { supervisor } = this.#board.manager;
    const task = supervisor.lookUp(name);
    if (task !== null) return task;
    const names = supervisor.tasks.map((known) => known.name).join(", ");
    throw new Error(`found task "${name}", allowed are ${names}`);
  }
}
