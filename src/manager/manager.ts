/**
 * The manager of a system: supervisor, monitor, server, and the extension that a host may have for
 * it, together. One a boot, in the main VM.
 *
 * A host makes one, tells its supervisor what happens to VMs (TaskEvents), and calls poll() at
 * every tick. It is the port through which calls of the main VM itself reach it.
 */
import * as L from "../arena/layout.js";
import type { ManagerPort } from "../host.js";
import { ChannelDestroy, openManagerChannel } from "../kernel/channel/channel.js";
import { EAGAIN, EBADF, ENOENT, ENOSYS } from "../kernel/errno.js";
import { stableBytesOf } from "../kernel/stable.js";
import { hasRegistered } from "../kernel/name/name.js";
import { ring } from "../kernel/task/doorbell.js";
import { MAIN_PID } from "../kernel/task/task.js";
import { viewPlace } from "../kernel/inspect/view.js";
import { lookAt } from "../kernel/inspect/vitals.js";
import { SupervisorControl } from "./control.js";
import type { Ending, ExtensionFactory, ManagerExtension } from "./extension.js";
import { HEART_HIGH } from "./monitor/heartbeat.js";
import { Life } from "./life.js";
import { Monitor } from "./monitor/monitor.js";
import { TaskHearts } from "./monitor/task-hearts.js";
import type { Request } from "./request.js";
import { ManagerServer, REQUESTS_MAX, type RequestTarget } from "./server.js";
import type { ManagedTask } from "./supervise/managed-task.js";
import type { HamDirectory, TaskStatus } from "./status.js";
import { collect, mainStatus, totalsOf } from "./totals.js";
import * as S from "./supervise/state.js";
import { Supervisor } from "./supervise/supervisor.js";
import type { TaskOrder } from "./supervise/outcome.js";
import type { SupervisorEvents, TaskDeath } from "./supervise/supervisor-events.js";
import type { SupervisorOptions } from "./supervise/supervisor-options.js";
import type { TaskHost } from "./task-host.js";

/** What a manager tells its host's users. */
export interface ManagerEvents {
  /** The VM of a task exists. */
  started(name: string, pid: number): void;
  /** Its program is loaded, and the services that its manifest names are attached. */
  ready(name: string, pid: number): void;
  died(death: TaskDeath): void;
  /** It has ended by itself, or obeyed the order to stop. */
  ended(name: string, pid: number): void;
  /** It could not be ended, and is still there. */
  stuck(name: string, pid: number, text: string): void;
  /** Tasks wait for each other for ever: each for the next, the last for the first. */
  deadlocked(names: readonly string[]): void;
  /** Somebody wants something done with a task. Comes before what follows from it. */
  ordered(order: TaskOrder, name: string, by: string): void;
}

export interface ManagerOptions extends Omit<
  SupervisorOptions,
  "events" | "isAttached" | "collect"
> {
  readonly events: ManagerEvents;
  /** Makes the model that answers what the manager itself does not; null for none. */
  readonly extension: ExtensionFactory | null;
}

export class Manager implements ManagerPort, RequestTarget, SupervisorEvents {
  readonly supervisor: Supervisor;
  readonly #host: TaskHost;
  readonly #events: ManagerEvents;
  readonly #monitor = new Monitor(lookAt);
  readonly #hearts: TaskHearts;
  readonly #life: Life;
  readonly #extension: ManagerExtension | null;
  readonly #server: ManagerServer;
  #isStopped = false;
  readonly #chid: number;

  /** Opens the manager's channel: on the main VM, one manager at a time. */
  constructor(options: ManagerOptions) {
    const { host, tasks, events, extension } = options;
    this.#host = host;
    this.#events = events;
    this.supervisor = new Supervisor({
      ...options,
      isAttached: hasRegistered,
      collect,
      events: this,
    });
    const { supervisor } = this;
    const monitor = this.#monitor;
    const hearts = new TaskHearts(monitor, tasks, (name, marks) => this.#missed(name, marks));
    this.#hearts = hearts;
    this.#life = new Life({
      host,
      supervisor,
      monitor,
      places: options.places,
      policy: options.board.deadlock,
      deadlocked: (names) => events.deadlocked(names),
    });
    const stop = (): void => this.#stop();
    const control = new SupervisorControl({ host, supervisor, monitor, hearts, stop });
    this.#extension = extension === null ? null : extension(control, tasks);
    this.#chid = openManagerChannel();
    this.#server = new ManagerServer(this, this.#chid);
  }

  /** A task has missed heartbeats: past the high mark it hangs, and ends as a crash does. */
  #missed(name: string, marks: number): void {
    this.#extension?.missed(name, marks);
    const task = this.supervisor.lookUp(name);
    if ((marks & HEART_HIGH) !== 0 && task !== null) void this.supervisor.kill(task, "hung");
  }

  /** Nothing is watched any more; tasks run on and are not started again. */
  #stop(): void {
    this.#isStopped = true;
    this.supervisor.retire();
  }

  /** Closes its channel: another manager may take its place. */
  close(): void {
    ChannelDestroy(this.#chid);
  }

  /**
   * Does what is due, and answers requests when the main VM's doorbell has rung: they ring it, as
   * does whoever registers a name. Does not block.
   */
  poll(now: number, isRung: boolean): void {
    const hasMore = isRung && this.#server.poll() === REQUESTS_MAX;
    if (!this.#isStopped) {
      this.#life.poll(now);
      if (now >= this.#monitor.nextDue()) this.#monitor.poll(now);
    }
    this.#extension?.poll(now);
    if (isRung || now >= this.supervisor.nextDue()) this.supervisor.poll();
    // The next poll() takes those that are left.
    if (hasMore) ring(L.TASKS_AT);
  }

  /** When poll() has something to do though nobody rings, at the latest; Infinity for never. */
  nextDue(): number {
    let due = this.supervisor.nextDue();
    const model = this.#extension === null ? Infinity : this.#extension.nextDue();
    if (model < due) due = model;
    if (this.#isStopped) return due;
    const beat = this.#monitor.nextDue();
    if (beat < due) due = beat;
    const look = this.#life.nextDue();
    return look < due ? look : due;
  }

  /** A look at the main VM itself. Allocates. */
  main(): TaskStatus {
    return mainStatus(viewPlace(0));
  }

  /** A look at every task, in the order of their places. Allocates. */
  ps(): TaskStatus[] {
    const tasks = this.supervisor.tasks.slice().sort((a, b) => a.place - b.place);
    return tasks.map((task) => this.#statusOf(task));
  }

  /** What the extension knows: the tree of /proc/ham. Allocates. */
  ham(): HamDirectory {
    return this.#extension?.tree() ?? { name: "ham", info: [], children: [] };
  }

  /** Milliseconds of the monotonic clock. */
  now(): number {
    return this.#host.now();
  }

  #statusOf(task: ManagedTask): TaskStatus {
    const { isAlive, ...place } = viewPlace(task.place);
    const { lastCause: cause, lastText: text, startsAt_ms } = task;
    const now = this.now();
    const life = this.#life.statusOf(task, now);
    return {
      name: task.name,
      ...place,
      ...life,
      pid: isAlive ? place.pid : 0,
      state: stateOf(task, place.state, life.silent_ms),
      restarts: task.restarts,
      crashes: task.crashes,
      totals: totalsOf(task, place.counters),
      startsIn_ms: startsAt_ms === null ? null : Math.max(0, startsAt_ms - now),
      isHeld: task.isHeld,
      step: task.step,
      lastDeath: cause === null ? null : { cause, text, ago_ms: now - task.died_ms },
      watch: this.#hearts.statusOf(task.name),
      standby: task.standby,
      stableBytes: stableBytesOf(task.place),
    };
  }

  // -------------------------------------------------------------------------------------------
  // SupervisorEvents: what has been decided and done.

  started({ name }: ManagedTask, pid: number): void {
    this.#hearts.started(name, pid, this.now());
    this.#extension?.started(name, pid);
    this.#events.started(name, pid);
  }

  ready({ name }: ManagedTask, pid: number): void {
    this.#hearts.ready(name, pid, this.now());
    this.#extension?.ready(name, pid);
    this.#events.ready(name, pid);
  }

  died({ name }: ManagedTask, death: TaskDeath, isStopped: boolean): void {
    const ending = isStopped ? "stopped" : "abnormal";
    this.#tellEnd(name, death.pid, ending, () => this.#events.died(death));
  }

  ended({ name }: ManagedTask, pid: number, isStopped: boolean): void {
    const ending = isStopped ? "stopped" : "normal";
    this.#tellEnd(name, pid, ending, () => this.#events.ended(name, pid));
  }

  stuck({ name }: ManagedTask, pid: number, text: string): void {
    this.#host.log(`${name} is stuck: ${text}`);
    this.#events.stuck(name, pid, text);
  }

  /** A task has gone. What that sets off is done now, and not at the next tick. */
  #tellEnd(name: string, pid: number, ending: Ending, tell: () => void): void {
    this.#hearts.gone(name, pid);
    this.#server.forget(pid);
    this.#extension?.gone(name, pid, ending);
    try {
      tell();
    } finally {
      this.#extension?.poll(this.now());
    }
  }

  ordered({ name }: ManagedTask, order: TaskOrder, by: string): void {
    this.#events.ordered(order, name, by);
  }

  // -------------------------------------------------------------------------------------------
  // ManagerPort: what the main VM itself asks.

  /** The host tells the main VM itself. */
  serviceLost(): void {}

  startService(service: string): number {
    if (this.#isStopped) return -EBADF;
    const task = this.supervisor.tasks.find(
      ({ spec }) => spec.name === service || spec.services.includes(service),
    );
    if (task === undefined || task.isExtra) return -ENOENT;
    if (task.isHeld) return -EAGAIN;
    ring(L.TASKS_AT);
    void this.supervisor.start([task]);
    return 0;
  }

  /** A request that is not the manager's own. */
  perform(caller: number, request: Request): number {
    return this.#extension?.perform(caller, request) ?? -ENOSYS;
  }

  /** It may be due at another time now: the next poll() finds that out. */
  call(request: Uint8Array, bytes: number): number {
    ring(L.TASKS_AT);
    return this.#server.handle(MAIN_PID, request, bytes);
  }
}

/** A task in its event loop is asked for a sign every two seconds. After this it loops. */
const LOOP_MS = 5_000;

function stateOf(
  { state, starts }: ManagedTask,
  seen: TaskStatus["state"],
  silent_ms: number,
): TaskStatus["state"] {
  switch (state.kind) {
    case S.IDLE:
      return "STOPPED";
    case S.HELD:
      return "HELD";
    case S.ORDERED:
    case S.BACKOFF:
      return starts === 0 ? "STARTING" : "DEAD";
    case S.LAUNCHING:
    case S.LOADING:
    case S.ATTACHING:
      return "STARTING";
    case S.STUCK:
      return "STUCK";
    default:
      return seen === "IDLE" && silent_ms > LOOP_MS ? "RUNNING" : seen;
  }
}
