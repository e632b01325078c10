/**
 * A running system on a device: the arena, the main VM and one worker for each declared task.
 *
 * The main VM never waits. A timer makes it look at its tasks and moves sends on; its event loop
 * stays free for the display and the network.
 */
import Timer from "timer";
import { pollSend } from "../../src/ha/async.js";
import type { ManagedTask } from "../../src/manager/supervise/managed-task.js";
import { Manager } from "../../src/manager/manager.js";
import type { HamDirectory, TaskStatus } from "../../src/manager/status.js";
import type { TaskDeath } from "../../src/manager/supervise/supervisor.js";
import { uptime } from "../../src/kernel/task/current-task.js";
import { layoutIn } from "../../src/arena/arena.js";
import type { Layout } from "../../src/arena/regions.js";
import { readTrace, type TraceRecord } from "../../src/kernel/inspect/trace.js";
import {
  type PlaceView,
  type SystemUsage,
  viewPlace,
  viewUsage,
} from "../../src/kernel/inspect/view.js";
import { feed, guard } from "reattach/moddable/native";
import { application } from "./application.js";
import { findExtension } from "./extension.js";
import { DevicePort, spinMaxOfChip } from "./port.js";
import { Rebooter } from "./reboot.js";
import { DeviceTaskHost } from "./task-host.js";
import { createArena } from "../../src/kernel/task/boot.js";

/** How often the main VM looks at its tasks and at the send under way. */
const TICK_MS = 10;

/** A task as `system.view()` shows it. */
export interface TaskView extends Omit<PlaceView, "isAlive"> {
  readonly name: string;
  /** Starts after the first one. */
  readonly restarts: number;
}

/** The events of a system, and what their listeners are called with. */
export interface SystemEvents {
  /** Soon after boot(): why Reattach restarted the board the last time. Also in the log. */
  reboot: (reason: string) => void;
  /** The worker of a task exists. */
  start: (name: string, pid: number) => void;
  /** The program of a task is loaded; main() has been called. */
  ready: (name: string, pid: number) => void;
  /** A task is dead. What follows is for its restart policy to say. */
  death: (death: TaskDeath) => void;
  /** A task has ended by itself without an error, or has obeyed the order to stop. */
  end: (name: string, pid: number) => void;
}

type Listeners = { [Name in keyof SystemEvents]: SystemEvents[Name][] };

/** A system that has been booted. */
export class System {
  readonly #rebooter: Rebooter;
  readonly #host: DeviceTaskHost;
  readonly #manager: Manager;
  readonly #listeners: Listeners = { reboot: [], start: [], ready: [], death: [], end: [] };
  #timer: Timer | null = null;

  /** Use boot(). */
  constructor() {
    const { limits, tasks, board } = application;
    this.#rebooter = new Rebooter(board.settled_ms, () =>
      globalThis.$vm === undefined ? 0 : uptime(),
    );
    // The main VM is the supervisor, and nobody supervises it: the board restarts, but says why.
    globalThis.abort = (message, exception) => {
      this.#rebooter.keep(`main: ${message}: ${String(exception)}`);
      return true;
    };
    this.#rebooter.open((reason) => this.#listeners.reboot.forEach((listen) => listen(reason)));
    const port = new DevicePort("main", false, 0);
    const vm = createArena(limits, port);
    this.#host = new DeviceTaskHost(vm, spinMaxOfChip(), this.#rebooter);
    const { start, ready, death, end } = this.#listeners;
    this.#manager = new Manager({
      host: this.#host,
      tasks,
      board,
      places: limits.tasks,
      reboots: () => this.#rebooter.count,
      random: Math.random,
      extension: findExtension(),
      events: {
        started: (name, pid) => start.forEach((listen) => listen(name, pid)),
        ready: (name, pid) => ready.forEach((listen) => listen(name, pid)),
        died: (report) => death.forEach((listen) => listen(report)),
        ended: (name, pid) => end.forEach((listen) => listen(name, pid)),
      },
    });
    port.manager = this.#manager;
    this.#host.events = this.#manager;
  }

  /** The arena's layout. */
  get layout(): Layout {
    return layoutIn($words);
  }

  /** Calls `listener` whenever the event happens, from the main VM's timer. */
  on<Name extends keyof SystemEvents>(event: Name, listener: SystemEvents[Name]): void {
    this.#listeners[event].push(listener);
  }

  /**
   * Starts one task, or all, each after those that it depends on. Throws for an unknown name.
   */
  start(name?: string): void {
    this.#manager.supervisor.start(this.#select(name));
    if (this.#timer !== null) return;
    this.#timer = Timer.repeat(() => this.poll(), TICK_MS);
    const { guardian_ms } = application.board;
    guard(guardian_ms, `the main VM stood still for ${guardian_ms} ms`);
  }

  /**
   * Stops one task, or all and then the system, each when those that depend on it are gone: it is
   * told to stop, and the board restarts when it does not leave within a second. Stopped tasks are
   * not restarted. Resolves when they are gone. Throws for an unknown name.
   */
  async stop(name?: string): Promise<void> {
    await this.#manager.supervisor.stop(this.#select(name));
    if (name !== undefined || this.#timer === null) return;
    guard(0, "");
    Timer.clear(this.#timer);
    this.#timer = null;
  }

  /**
   * Ends a task as a crash does: at its next pass through the kernel, or from its event loop. The
   * board restarts when there is none within a second. Resolves when its death has been worked
   * through. Throws for an unknown name.
   */
  kill(name: string): Promise<void> {
    return this.#manager.supervisor.kill(this.#find(name));
  }

  /** Makes a task hang: alive as a worker, deaf to everything. Throws for an unknown name. */
  hang(name: string): void {
    this.#manager.supervisor.hang(this.#find(name));
  }

  /** From its next death on the task is not started again, until it is released. */
  hold(name: string): void {
    this.#manager.supervisor.hold(this.#find(name));
  }

  /** Ends a hold. A task that died meanwhile starts at once. */
  release(name: string): void {
    this.#manager.supervisor.release(this.#find(name));
  }

  /** Stops a task and starts it again; it is no death. Resolves when the old worker is gone. */
  restart(name: string): Promise<void> {
    return this.#manager.supervisor.restart(this.#find(name));
  }

  /** Restarts the board, and tells why at the next start. */
  reboot(reason: string): void {
    this.#rebooter.reboot(reason);
  }

  /** True while the program of a task is loaded and has not ended. */
  isRunning(name: string): boolean {
    return this.#find(name).phase === "running";
  }

  /** A look at every task, the main VM first. Makes new objects: for a person, not for a loop. */
  view(): TaskView[] {
    const { isAlive: _, ...main } = viewPlace(0);
    return [{ name: "main", restarts: 0, ...main }, ...this.ps()];
  }

  /** What the manager knows of every task. Makes new objects. */
  ps(): TaskStatus[] {
    return this.#manager.ps();
  }

  /** What the manager watches, and what it is to do: QNX's /proc/ham. Makes new objects. */
  ham(): HamDirectory {
    return this.#manager.ham();
  }

  /** How full the tables are. */
  usage(): SystemUsage {
    return viewUsage();
  }

  /** The last rare events: starts, deaths, recoveries. */
  trace(): TraceRecord[] {
    return readTrace();
  }

  /**
   * Looks at the tasks and moves a send under way on. A timer calls it 100 times a second; call it
   * from a loop of your own to have an answer sooner. Does not block.
   */
  poll(): void {
    feed();
    this.#host.look();
    this.#manager.poll();
    pollSend();
  }

  #select(name: string | undefined): ManagedTask[] {
    return name === undefined ? this.#manager.supervisor.tasks.slice() : [this.#find(name)];
  }

  #find(name: string): ManagedTask {
    const task = this.#manager.supervisor.lookUp(name);
    if (task !== null) return task;
    const names = this.#manager.supervisor.tasks.map((known) => known.name).join(", ");
    throw new Error(`found task "${name}", allowed are ${names}`);
  }
}

/**
 * Boots the system that the application's manifest declares in `config.reattach`. Once, in the main
 * VM, before anything else of "reattach" is called. The tasks do not run yet: system.start().
 */
export function boot(): System {
  return new System();
}
