/**
 * The manager of a system: supervisor, model and server together. One a boot, in the main VM.
 *
 * A host makes one, tells it what happens to VMs (TaskEvents), and calls poll() at every tick. It
 * is the board that the model works on, and the port through which calls of the main VM itself
 * reach it.
 */
import type { ManagerPort } from "../host.js";
import { openManagerChannel } from "../kernel/channel/channel.js";
import { ConnectAttach, ConnectDetach } from "../kernel/connection/connect-attach.js";
import { _NTO_SIDE_CHANNEL } from "../kernel/connection/connection.js";
import { EAGAIN, EEXIST, EINVAL, ENOENT, ESRCH, LOST } from "../kernel/errno.js";
import { isRegistered } from "../kernel/name/name.js";
import { sendPulse } from "../kernel/pulse/pulse.js";
import { stableBytesOf } from "../kernel/stable.js";
import { MAIN_PID } from "../kernel/task/task.js";
import { viewPlace } from "../kernel/inspect/view.js";
import { lookAt, type Vitals } from "../kernel/inspect/vitals.js";
import type { Board } from "../ham/model/task-control.js";
import { extraSpec, type ManagedTask } from "./supervise/managed-task.js";
import { HamModel } from "../ham/model/model.js";
import { procTree } from "../ham/model/proc.js";
import { HamServer } from "../ham/server.js";
import type { DeathCause, HamDirectory, StandbyState, TaskStatus } from "./status.js";
import { Supervisor, type SupervisorOptions, type TaskDeath } from "./supervise/supervisor.js";
import type { TaskEvents, TaskHost } from "./task-host.js";

/** What a manager tells its host's users. */
export interface ManagerEvents {
  /** The VM of a task exists. */
  started(name: string, pid: number): void;
  /** Its program is loaded; main() is being called. */
  ready(name: string, pid: number): void;
  died(death: TaskDeath): void;
  /** It has ended by itself, or obeyed the order to stop. */
  ended(name: string, pid: number): void;
}

export interface ManagerOptions extends Omit<SupervisorOptions, "events"> {
  readonly events: ManagerEvents;
}

export class Manager implements Board, ManagerPort, TaskEvents {
  readonly supervisor: Supervisor;
  readonly #host: TaskHost;
  readonly #model: HamModel;
  readonly #server: HamServer;

  /** Opens the manager's channel: once for an arena, on its main VM. */
  constructor(options: ManagerOptions) {
    const { host, tasks, events } = options;
    this.#host = host;
    this.supervisor = new Supervisor({
      ...options,
      events: {
        started: ({ name, pid }) => {
          this.#model.started(name, pid);
          events.started(name, pid);
        },
        ready: ({ name, pid }) => {
          this.#model.ready(name, pid);
          events.ready(name, pid);
        },
        died: ({ name }, death, isStopped) => {
          this.#model.gone(name, death.pid, isStopped ? "stopped" : "abnormal");
          events.died(death);
        },
        ended: ({ name }, pid, isStopped) => {
          this.#model.gone(name, pid, isStopped ? "stopped" : "normal");
          events.ended(name, pid);
        },
      },
    });
    this.#model = new HamModel(this, { startService: (service) => this.startService(service) });
    this.#server = new HamServer(this.#model, openManagerChannel());
    for (const { name, heartbeat } of tasks) this.#model.declare(name, heartbeat);
  }

  /** Answers requests and does what is due. Does not block. */
  poll(): void {
    this.#server.poll();
    this.#model.poll(this.now());
    this.supervisor.poll();
  }

  /** When poll() has something to do beside requests, at the latest; Infinity for never. */
  nextDue(): number {
    return Math.min(this.supervisor.nextDue(), this.#model.nextDue());
  }

  /** A look at every task, in the order of their places. Allocates. */
  ps(): TaskStatus[] {
    const tasks = this.supervisor.tasks.slice().sort((a, b) => a.place - b.place);
    return tasks.map((task) => this.#statusOf(task));
  }

  /** The tree of /proc/ham. Allocates. */
  ham(): HamDirectory {
    return procTree(this.#model);
  }

  #statusOf(task: ManagedTask): TaskStatus {
    const { isAlive, ...place } = viewPlace(task.place);
    const isDue = task.phase === "waiting" && !task.isHeld;
    const { lastCause: cause, lastText: text } = task;
    const now = this.now();
    return {
      name: task.name,
      ...place,
      pid: isAlive ? place.pid : 0,
      state: stateOf(task, place.state),
      restarts: task.restarts,
      startsIn_ms: isDue ? Math.max(0, task.due_ms - now) : null,
      isHeld: task.isHeld,
      step: task.step,
      lastDeath: cause === null ? null : { cause, text, ago_ms: now - task.died_ms },
      watch: this.#model.watchOf(task.name),
      standby: task.standby,
      stableBytes: stableBytesOf(task.place),
    };
  }

  // -------------------------------------------------------------------------------------------
  // TaskEvents: what the host tells.

  started(place: number, pid: number): void {
    this.supervisor.started(place, pid);
  }

  ready(place: number, pid: number): void {
    this.supervisor.ready(place, pid);
  }

  gone(place: number, pid: number, cause: DeathCause | null, text: string): void {
    this.supervisor.gone(place, pid, cause, text);
    // What the death has set off, now and not at the next tick.
    this.#model.poll(this.now());
  }

  spare(place: number, state: StandbyState, text: string): void {
    this.supervisor.spare(place, state, text);
  }

  // -------------------------------------------------------------------------------------------
  // ManagerPort: what the main VM itself asks.

  /** The host tells the main VM itself. */
  serviceLost(): void {}

  startService(service: string): number {
    const task = this.supervisor.tasks.find(
      ({ spec }) => spec.name === service || spec.services.includes(service),
    );
    if (task === undefined || task.isExtra) return -ENOENT;
    if (task.isHeld) return -EAGAIN;
    this.supervisor.start([task]);
    return 0;
  }

  call(request: Uint8Array, bytes: number): number {
    return this.#server.handle(MAIN_PID, request, bytes);
  }

  // -------------------------------------------------------------------------------------------
  // Board: what the model asks.

  now(): number {
    return this.#host.now();
  }

  log(text: string): void {
    this.#host.log(text);
  }

  pidOf(task: string): number {
    return this.supervisor.lookUp(task)?.pid ?? 0;
  }

  nameOf(pid: number): string {
    return this.supervisor.byPid(pid)?.name ?? "";
  }

  isSupervised(task: string): boolean {
    const known = this.supervisor.lookUp(task);
    return known !== null && !known.isExtra && known.spec.restart.when !== "never";
  }

  start(name: string, line: string): number {
    const known = this.supervisor.lookUp(name);
    if (known !== null && (known.isUp || known.isWanted)) return -EEXIST;
    let task = known;
    if (line !== "") {
      const blank = line.indexOf(" ");
      const module = blank < 0 ? line : line.slice(0, blank);
      let args: unknown;
      try {
        args = blank < 0 ? undefined : JSON.parse(line.slice(blank + 1));
      } catch {
        return -EINVAL;
      }
      if (!this.#host.hasModule(module)) return -ENOENT;
      if (task === null) task = this.supervisor.add(extraSpec(name, module, args));
      else task.spec = { ...task.spec, module, args };
      if (task === null) return -EAGAIN;
    }
    if (task === null) return -EINVAL;
    this.supervisor.revive(task);
    return 0;
  }

  end(pid: number, isForced: boolean): number {
    const task = this.supervisor.byPid(pid);
    if (task === null) return -ESRCH;
    if (isForced) void this.supervisor.kill(task);
    else this.supervisor.terminate(task);
    return 0;
  }

  hung(name: string): void {
    const task = this.supervisor.lookUp(name);
    if (task !== null) void this.supervisor.kill(task, "hung");
  }

  isRegistered(service: string): boolean {
    return isRegistered(service);
  }

  sendPulse(nd: number, pid: number, chid: number, code: number, value: number): number {
    const coid = ConnectAttach(nd, pid, chid, _NTO_SIDE_CHANNEL, 0);
    if (coid < 0) return coid;
    const status = sendPulse(coid, -1, code, value);
    ConnectDetach(coid);
    return status < -LOST ? status + LOST : status;
  }

  lookAt(pid: number, into: Vitals): boolean {
    return lookAt(pid, into);
  }

  stopped(): void {
    this.supervisor.retire();
  }
}

function stateOf(task: ManagedTask, seen: TaskStatus["state"]): TaskStatus["state"] {
  const { phase, isHeld, starts } = task;
  if (phase === "idle") return "STOPPED";
  if (phase === "waiting" && isHeld) return "HELD";
  if (phase === "waiting") return starts === 0 ? "STARTING" : "DEAD";
  return phase === "starting" ? "STARTING" : seen;
}
