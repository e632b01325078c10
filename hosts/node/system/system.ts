/**
 * A running system: the arena, the main VM and one thread for each task of the manifest.
 *
 * The main thread never waits. Its doorbell is watched with Atomics.waitAsync; a timer behind that
 * moves sends on whose time is over, and is the backstop for a lost wake-up.
 */
import { EventEmitter } from "node:events";
import { pollSend } from "../../../src/ha/async.js";
import { allowedNames } from "../../../src/manifest/suggest.js";
import type { JsonObject } from "../../../src/manifest/value.js";
import type { ManagedTask } from "../../../src/manager/supervise/managed-task.js";
import { createHam } from "../../../src/ham/extension.js";
import { Manager } from "../../../src/manager/manager.js";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import type { HamDirectory, TaskStatus } from "../../../src/manager/status.js";
import type { Supervisor, TaskDeath } from "../../../src/manager/supervise/supervisor.js";
import type { TaskEvents } from "../../../src/manager/task-host.js";
import { layoutIn } from "../../../src/arena/arena.js";
import * as L from "../../../src/arena/layout.js";
import type { Layout } from "../../../src/arena/regions.js";
import { use, type Vm } from "../../../src/arena/vm.js";
import { readTrace, type TraceRecord } from "../../../src/kernel/inspect/trace.js";
import {
  type PlaceView,
  type SystemUsage,
  viewPlace,
  viewUsage,
} from "../../../src/kernel/inspect/view.js";
import { Compiler } from "../compile/compile.js";
import { type AppManifest, type ManifestOptions, readManifest } from "../manifest/read.js";
import { Guardian } from "./guardian.js";
import { createPort } from "../host/port.js";
import type { LogLevel } from "../log/line.js";
import { Logs } from "../log/logs.js";
import { type LogFilter, MAIN, Terminal } from "../log/terminal.js";
import { runtimeModules } from "../host/runtime.js";
import { NodeTaskHost } from "../host/task-host.js";
import { createArena } from "../../../src/kernel/task/boot.js";

/** How to boot a system. */
export interface BootOptions extends ManifestOptions {
  /**
   * The most looks at the doorbell before a task sleeps. Default: some 20 µs where there are two
   * processors or more, 0 where there is one, as on most chips.
   */
  readonly spinMax?: number;
  /** The jitter of restarts repeats with it. Default: another one each time. */
  readonly seed?: number;
  /** What is shown of the log where nobody listens to it. Default: all. */
  readonly log?: LogFilter;
}

/** A task as `system.view()` shows it. */
export interface TaskView extends Omit<PlaceView, "isAlive"> {
  readonly name: string;
  /** Starts after the first one. */
  readonly restarts: number;
}

/** The events of a system. */
export interface SystemEvents {
  /** The board has been restarted, and why. All tasks are new, and stable state is empty. */
  reboot: [reason: string];
  /** The thread of a task exists. */
  start: [name: string, pid: number];
  /** The program of a task is loaded; main() is being called. */
  ready: [name: string, pid: number];
  /** A task is dead. What follows is for its restart policy to say. */
  death: [death: TaskDeath];
  /** A task has ended by itself without an error, or has obeyed the order to stop. */
  end: [name: string, pid: number];
  /**
   * A line that a task wrote, or the manager as "main"; `time_ms` as Date.now() has it. Without a
   * listener they go to standard error.
   */
  log: [name: string, level: LogLevel, text: string, time_ms: number];
  /** The doorbell of the main VM rang: there may be something for MsgReceive. */
  bell: [];
}

/** How often the main VM looks without having been rung: limits of sends, lost wake-ups. */
const TICK_MS = 10;

/** The longest timer for what is due: Node.js takes a longer one than 24 days for none at all. */
const LOOK_MS = 60_000;

/** What lasts until the board restarts. */
interface Board {
  readonly vm: Vm;
  readonly host: NodeTaskHost;
  readonly manager: Manager;
}

/** A system that has been booted. */
export class System extends EventEmitter<SystemEvents> {
  readonly manifest: AppManifest;
  readonly #compiler: Compiler;
  readonly #spinMax: number | undefined;
  readonly #random: () => number;
  readonly #logs: Logs;
  #board: Board;
  /** Restarts of the board in a row, and when it was started. */
  #reboots = 0;
  #booted_ms = performance.now();
  #tick: NodeJS.Timeout | undefined;
  #due: NodeJS.Timeout | undefined;
  #guardian: Guardian | null = null;
  #isListening = false;

  constructor(manifest: AppManifest, { spinMax, seed = Date.now(), log }: BootOptions) {
    super();
    this.manifest = manifest;
    const names = manifest.tasks.map(({ name }) => name);
    this.#logs = new Logs({
      emit: ({ task, level, text, time_ms }) => this.emit("log", task, level, text, time_ms),
      hasListeners: () => this.listenerCount("log") > 0,
      terminal: new Terminal(names, log),
    });
    this.#spinMax = spinMax;
    this.#random = seededRandom(seed);
    this.#compiler = new Compiler({ modules: manifest.modules, runtime: runtimeModules() });
    this.#board = this.#assemble();
  }

  /** The arena's layout. */
  get layout(): Layout {
    return layoutIn(this.#board.vm.words);
  }

  /**
   * Makes this system the one that calls of "reattach" in the main thread work on. boot() has done
   * so; only a process with several systems needs it.
   */
  use(): void {
    use(this.#board.vm);
  }

  /**
   * Starts one task, or all, each after those that it depends on. Resolves when their threads
   * exist; a program that does not compile is a "death". Rejects for an unknown name.
   */
  async start(name?: string): Promise<void> {
    const tasks = this.#select(name);
    this.#watchBell();
    const begun = Promise.all(
      this.#act((supervisor) => {
        supervisor.start(tasks);
        return tasks.map((task) => task.begun());
      }),
    );
    await begun;
  }

  /**
   * Stops one task, or all and then the system, each when those that depend on it are gone: it is
   * told to stop, and ended by force when it does not leave. Stopped tasks are not restarted.
   * Resolves when their threads are gone; a whole system, when nothing of it is left.
   */
  async stop(name?: string): Promise<void> {
    const tasks = this.#select(name);
    await this.#act((supervisor) => supervisor.stop(tasks));
    if (name !== undefined) return;
    this.#isListening = false;
    clearInterval(this.#tick);
    clearTimeout(this.#due);
    await this.#guardian?.stop();
    this.#guardian = null;
    await this.#board.host.killAll();
    // Wake the loop that watches the bell, so that it ends.
    const { words, me } = this.#board.vm;
    Atomics.add(words, me + L.TASK_BELL, 1);
    Atomics.notify(words, me + L.TASK_BELL);
    await this.#compiler.stop();
  }

  /**
   * Ends a task at an arbitrary point, as a crash does. Resolves when its thread is gone and its
   * death has been worked through.
   */
  async kill(name: string): Promise<void> {
    await this.#act((supervisor) => supervisor.kill(this.#find(name)));
  }

  /** Makes a task hang: alive as a thread, deaf to everything. */
  hang(name: string): void {
    this.#act((supervisor) => supervisor.hang(this.#find(name)));
  }

  /** From its next death on the task is not started again, until it is released. */
  hold(name: string): void {
    this.#act((supervisor) => supervisor.hold(this.#find(name)));
  }

  /** Ends a hold. A task that died meanwhile starts at once. */
  release(name: string): void {
    this.#act((supervisor) => supervisor.release(this.#find(name)));
  }

  /** Stops a task and starts it again; it is no death. Resolves when the old thread is gone. */
  async restart(name: string): Promise<void> {
    await this.#act((supervisor) => supervisor.restart(this.#find(name)));
  }

  /**
   * Restarts the board: ends all tasks, wherever they are, and begins again with a new arena. What
   * the main thread was connected to is gone. Resolves when the tasks that ran are started again.
   */
  async reboot(reason: string): Promise<void> {
    const running = this.#board.manager.supervisor.tasks.filter(
      (task) => task.isWanted && !task.isExtra,
    );
    const names = running.map((task) => task.name);
    this.#reboots = this.#rebootsInARow() + 1;
    this.#booted_ms = performance.now();
    this.log("warn", `the board is restarted: ${reason}`);
    this.#board.manager.supervisor.close();
    await this.#board.host.killAll();
    const { words, me } = this.#board.vm;
    this.#board = this.#assemble();
    Atomics.add(words, me + L.TASK_BELL, 1);
    Atomics.notify(words, me + L.TASK_BELL);
    this.emit("reboot", reason);
    const tasks = this.#board.manager.supervisor.tasks.filter((task) => names.includes(task.name));
    this.#act((supervisor) => supervisor.start(tasks));
    await Promise.all(tasks.map((task) => task.begun()));
  }

  /** True while the thread of a task exists and its program is loaded. */
  isRunning(name: string): boolean {
    return this.#find(name).phase === "running";
  }

  /** A look at every task, the main VM first. */
  view(): TaskView[] {
    this.use();
    const { isAlive: _, ...main } = viewPlace(0);
    return [{ name: "main", restarts: 0, ...main }, ...this.ps()];
  }

  /** What the manager knows of every task. */
  ps(): TaskStatus[] {
    this.use();
    return this.#board.manager.ps();
  }

  /** What the manager watches, and what it is to do: QNX's /proc/ham. */
  ham(): HamDirectory {
    return this.#board.manager.ham();
  }

  /** Writes a line to the log, as "main". Does not block. */
  log(level: LogLevel, text: string): void {
    this.#logs.say(MAIN, level, text);
  }

  /** How full the tables are. */
  usage(): SystemUsage {
    this.use();
    return viewUsage();
  }

  /** The last rare events: starts, deaths, recoveries. */
  trace(): TraceRecord[] {
    this.use();
    return readTrace();
  }

  /** Makes the arena, and what manages the tasks in it. */
  #assemble(): Board {
    const { limits, tasks, board, modules } = this.manifest;
    const log = (text: string): void => this.log("warn", text);
    const port = createPort({ mayBlock: false, spinMax: this.#spinMax, log, manager: null });
    const vm = createArena(limits, port);
    const host = new NodeTaskHost({
      vm,
      compiler: this.#compiler,
      modules,
      spinMax: this.#spinMax,
      logs: this.#logs,
      reboot: (reason) => void this.reboot(reason),
    });
    const manager = new Manager({
      host,
      tasks,
      board,
      places: limits.tasks,
      reboots: () => this.#rebootsInARow(),
      random: this.#random,
      extension: createHam,
      events: {
        started: (name, pid) => this.emit("start", name, pid),
        ready: (name, pid) => this.emit("ready", name, pid),
        died: (death) => this.emit("death", death),
        ended: (name, pid) => this.emit("end", name, pid),
      },
    });
    port.manager = manager;
    host.events = this.#onVm(manager);
    return { vm, host, manager };
  }

  /** Restarts of the board in a row so far: none once it has run well. */
  #rebootsInARow(): number {
    const { settled_ms } = this.manifest.board;
    return performance.now() - this.#booted_ms >= settled_ms ? 0 : this.#reboots;
  }

  /** What the host tells the manager, with this system as the one in use. */
  #onVm(manager: Manager): TaskEvents {
    return {
      started: (...event) => this.#act(() => manager.started(...event)),
      ready: (...event) => this.#act(() => manager.ready(...event)),
      gone: (...event) => this.#act(() => manager.gone(...event)),
      spare: (...event) => this.#act(() => manager.spare(...event)),
    };
  }

  /** Has the manager do something; then it may be due at another time. */
  #act<Result>(act: (supervisor: Supervisor) => Result): Result {
    this.use();
    try {
      return act(this.#board.manager.supervisor);
    } finally {
      this.#schedule();
    }
  }

  /** The tick is for what comes from outside; what the manager plans is done when it is due. */
  #schedule(): void {
    clearTimeout(this.#due);
    const { manager, vm } = this.#board;
    const due_ms = manager.nextDue();
    if (due_ms === Infinity) return;
    const left_ms = Math.min(LOOK_MS, Math.max(0, Math.ceil(due_ms - vm.port.now())));
    this.#due = setTimeout(() => this.#poll(), left_ms);
  }

  #select(name: string | undefined): ManagedTask[] {
    return name === undefined ? this.#board.manager.supervisor.tasks.slice() : [this.#find(name)];
  }

  #find(name: string): ManagedTask {
    const { supervisor } = this.#board.manager;
    const task = supervisor.lookUp(name);
    if (task !== null) return task;
    const names = supervisor.tasks.map((known) => known.name);
    throw new Error(`found task "${name}", ${allowedNames(name, names)}`);
  }

  #watchBell(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    const { guardian_ms } = this.manifest.board;
    this.#guardian = Guardian.start(guardian_ms, (reason) => void this.reboot(reason));
    this.#tick = setInterval(() => this.#poll(), TICK_MS);
    this.#tick.unref();
    void this.#listen();
  }

  async #listen(): Promise<void> {
    while (this.#isListening) {
      const { words, me } = this.#board.vm;
      // The main VM is always announced as asleep: who rings it notifies.
      Atomics.store(words, me + L.TASK_SLEEP, 1);
      const seen = Atomics.load(words, me + L.TASK_BELL);
      this.#poll();
      this.emit("bell");
      const wait = Atomics.waitAsync(words, me + L.TASK_BELL, seen);
      if (wait.async) await wait.value;
      else await new Promise((resolve) => setImmediate(resolve));
      if (!this.#isListening) Atomics.store(words, me + L.TASK_SLEEP, 0);
    }
  }

  #poll(): void {
    this.#guardian?.feed();
    this.#act(() => this.#board.manager.poll());
    pollSend();
  }
}

/**
 * Boots a system from the application's manifest: its path, its folder, or the manifest itself as
 * an object. The tasks do not run yet: system.start().
 *
 * Rejects with a ManifestError that lists everything that is wrong with the manifest.
 */
export async function boot(
  manifest: string | JsonObject,
  options: BootOptions = {},
): Promise<System> {
  return new System(readManifest(manifest, options), options);
}
