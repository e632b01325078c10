/**
 * A running system on a device: the arena, the main VM and one worker for each declared task.
 *
 * The main VM never waits. A timer makes it look at its tasks and moves sends on; its event loop
 * stays free for the display and the network.
 */
import Timer from "timer";
import { pollSend } from "../../src/ha/async.js";
import { createArena, layoutIn } from "../../src/kernel/arena.js";
import type { Layout } from "../../src/kernel/regions.js";
import type { Vm } from "../../src/kernel/state.js";
import { readTrace, type TraceRecord } from "../../src/kernel/trace.js";
import {
  type PlaceView,
  type SystemUsage,
  type TaskState,
  viewPlace,
  viewUsage,
} from "../../src/kernel/view.js";
import { application } from "./config.js";
import { DevicePort, spinMaxOfChip } from "./port.js";
import { Rebooter } from "./reboot.js";
import { type TaskContext, type TaskDeath, TaskWorker } from "./task-worker.js";

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
  /** A task is dead. It is started again, not sooner than 50 ms after its last start. */
  death: (death: TaskDeath) => void;
  /** A task has obeyed the order to stop. */
  end: (name: string, pid: number) => void;
}

function viewOf(name: string, index: number, restarts: number, known: TaskState | null): TaskView {
  const { isAlive, ...place } = viewPlace(index);
  const state = known ?? place.state;
  return { name, restarts, ...place, state, pid: isAlive ? place.pid : 0 };
}

type Listeners = { [Name in keyof SystemEvents]: SystemEvents[Name][] };

/** A system that has been booted. */
export class System {
  readonly #rebooter = new Rebooter();
  readonly #vm: Vm;
  readonly #tasks: TaskWorker[];
  readonly #listeners: Listeners = { reboot: [], start: [], ready: [], death: [], end: [] };
  #timer: Timer | null = null;

  /** Use boot(). */
  constructor() {
    // The main VM is the supervisor, and nobody supervises it: the board restarts, but says why.
    globalThis.abort = (message, exception) => {
      this.#rebooter.keep(`main: ${message}: ${String(exception)}`);
      return true;
    };
    this.#rebooter.open((reason) => this.#listeners.reboot.forEach((listen) => listen(reason)));
    this.#vm = createArena(application.limits, new DevicePort("main", false, 0));
    const { start, ready, death, end } = this.#listeners;
    const context: TaskContext = {
      vm: this.#vm,
      spinMax: spinMaxOfChip(),
      rebooter: this.#rebooter,
      events: {
        started: (name, pid) => start.forEach((listen) => listen(name, pid)),
        ready: (name, pid) => ready.forEach((listen) => listen(name, pid)),
        died: (report) => death.forEach((listen) => listen(report)),
        ended: (name, pid) => end.forEach((listen) => listen(name, pid)),
      },
    };
    this.#tasks = application.tasks.map((spec, i) => new TaskWorker(spec, i + 1, context));
  }

  /** The arena's layout. */
  get layout(): Layout {
    return layoutIn(this.#vm.words);
  }

  /** Calls `listener` whenever the event happens, from the main VM's timer. */
  on<Name extends keyof SystemEvents>(event: Name, listener: SystemEvents[Name]): void {
    this.#listeners[event].push(listener);
  }

  /** Starts one task, or all in the order of the manifest. Throws for an unknown name. */
  start(name?: string): void {
    for (const task of this.#select(name)) task.start();
    this.#timer ??= Timer.repeat(() => this.poll(), TICK_MS);
  }

  /**
   * Stops one task, or all and then the system: each is told to stop, and the board restarts when
   * one does not leave within a second. Stopped tasks are not restarted. Resolves when they are
   * gone. Throws for an unknown name.
   */
  async stop(name?: string): Promise<void> {
    await Promise.all(this.#select(name).map((task) => task.stop()));
    if (name !== undefined || this.#timer === null) return;
    Timer.clear(this.#timer);
    this.#timer = null;
  }

  /**
   * Ends a task as a crash does: at its next pass through the kernel, or from its event loop. The
   * board restarts when there is none within a second. Resolves when its death has been worked
   * through. Throws for an unknown name.
   */
  kill(name: string): Promise<void> {
    return this.#find(name).kill();
  }

  /** Makes a task hang: alive as a worker, deaf to everything. Throws for an unknown name. */
  hang(name: string): void {
    this.#find(name).hang();
  }

  /** True while the program of a task is loaded and has not ended. */
  isRunning(name: string): boolean {
    return this.#find(name).isRunning;
  }

  /** A look at every task, the main VM first. Makes new objects: for a person, not for a loop. */
  view(): TaskView[] {
    const rows = [viewOf("main", 0, 0, null)];
    for (const { spec, index, restarts, state } of this.#tasks) {
      rows.push(viewOf(spec.name, index, restarts, state));
    }
    return rows;
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
    const now = this.#vm.port.now();
    // Not for…of: it makes an iterator, a hundred times a second.
    for (let i = 0; i < this.#tasks.length; i++) this.#tasks[i]!.look(now);
    pollSend();
  }

  #select(name: string | undefined): TaskWorker[] {
    return name === undefined ? this.#tasks : [this.#find(name)];
  }

  #find(name: string): TaskWorker {
    for (const task of this.#tasks) if (task.spec.name === name) return task;
    const names = this.#tasks.map(({ spec }) => spec.name).join(", ");
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
