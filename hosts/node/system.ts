/**
 * A running system: the arena, the main VM and one thread for each task of the manifest.
 *
 * The main thread never waits. Its doorbell is watched with Atomics.waitAsync; a timer behind that
 * moves sends on whose time is over, and is the backstop for a lost wake-up.
 */
import { EventEmitter } from "node:events";
import { pollSend } from "../../src/ha/async.js";
import { createArena, layoutIn } from "../../src/kernel/arena.js";
import * as L from "../../src/kernel/layout.js";
import type { Layout } from "../../src/kernel/regions.js";
import { use, type Vm } from "../../src/kernel/state.js";
import { readTrace, type TraceRecord } from "../../src/kernel/trace.js";
import {
  type PlaceView,
  type SystemUsage,
  type TaskState,
  viewPlace,
  viewUsage,
} from "../../src/kernel/view.js";
import { Compiler } from "./compile.js";
import { type AppManifest, type ManifestOptions, readManifest } from "./manifest/read.js";
import type { JsonObject } from "../../src/config/value.js";
import { createPort } from "./port.js";
import type { LogLevel } from "./protocol.js";
import { runtimeModules } from "./runtime.js";
import { allowedNames } from "../../src/config/suggest.js";
import { type TaskContext, type TaskDeath, TaskThread } from "./task-thread.js";

/** How to boot a system. */
export interface BootOptions extends ManifestOptions {
  /**
   * The most looks at the doorbell before a task sleeps. Default: some 20 µs where there are two
   * processors or more, 0 where there is one, as on most chips.
   */
  readonly spinMax?: number;
}

/** A task as `system.view()` shows it. */
export interface TaskView extends Omit<PlaceView, "isAlive"> {
  readonly name: string;
  /** Starts after the first one. */
  readonly restarts: number;
}

/** The events of a system. */
export interface SystemEvents {
  /** The thread of a task exists. */
  start: [name: string, pid: number];
  /** The program of a task is loaded; main() is being called. */
  ready: [name: string, pid: number];
  /** A task is dead. It is started again, not sooner than 50 ms after its last start. */
  death: [death: TaskDeath];
  /** A task has ended by itself without an error, or has obeyed the order to stop. */
  end: [name: string, pid: number];
  /** A line that a task wrote. Without a listener they go to standard error. */
  log: [name: string, level: LogLevel, text: string];
  /** The doorbell of the main VM rang: there may be something for MsgReceive. */
  bell: [];
}

/** How often the main VM looks without having been rung: limits of sends, lost wake-ups. */
const TICK_MS = 10;

/** The first module of every task's thread. */
const WORKER = new URL("./worker.js", import.meta.url);

/** A system that has been booted. */
export class System extends EventEmitter<SystemEvents> {
  readonly manifest: AppManifest;
  readonly #vm: Vm;
  readonly #compiler: Compiler;
  readonly #tasks = new Map<string, TaskThread>();
  #tick: NodeJS.Timeout | undefined;
  #isListening = false;

  constructor(manifest: AppManifest, { spinMax }: BootOptions) {
    super();
    this.manifest = manifest;
    const log = (text: string): void => this.#log("main", "warn", text);
    this.#vm = createArena(manifest.limits, createPort({ mayBlock: false, spinMax, log }));
    this.#compiler = new Compiler({ modules: manifest.modules, runtime: runtimeModules() });
    const context: TaskContext = {
      vm: this.#vm,
      compiler: this.#compiler,
      worker: WORKER,
      spinMax,
      events: {
        started: (name, pid) => this.emit("start", name, pid),
        ready: (name, pid) => this.emit("ready", name, pid),
        died: (death) => this.emit("death", death),
        ended: (name, pid) => this.emit("end", name, pid),
        log: (name, level, text) => this.#log(name, level, text),
      },
    };
    manifest.tasks.forEach((spec, i) => {
      this.#tasks.set(spec.name, new TaskThread(spec, i + 1, context));
    });
  }

  /** The arena's layout. */
  get layout(): Layout {
    return layoutIn(this.#vm.words);
  }

  /**
   * Makes this system the one that calls of "reattach" in the main thread work on. boot() has done
   * so; only a process with several systems needs it.
   */
  use(): void {
    use(this.#vm);
  }

  /**
   * Starts one task, or all in the order of the manifest. Resolves when their threads exist; a
   * program that does not compile is a "death". Rejects for an unknown name.
   */
  async start(name?: string): Promise<void> {
    this.#watchBell();
    for (const task of this.#select(name)) await task.start();
  }

  /**
   * Stops one task, or all and then the system: each is told to stop, and ended by force when it
   * does not leave. Stopped tasks are not restarted. Resolves when their threads are gone; a whole
   * system then holds no thread, timer or child process. Rejects for an unknown name.
   */
  async stop(name?: string): Promise<void> {
    await Promise.all(this.#select(name).map((task) => task.stop()));
    if (name !== undefined) return;
    clearInterval(this.#tick);
    this.#tick = undefined;
    this.#isListening = false;
    // Wakes #listen, which then ends.
    Atomics.add(this.#vm.words, this.#vm.me + L.TASK_BELL, 1);
    Atomics.notify(this.#vm.words, this.#vm.me + L.TASK_BELL);
    await this.#compiler.stop();
  }

  /** Ends a task at once, as a crash does. Resolves when its death has been worked through. */
  async kill(name: string): Promise<void> {
    await this.#find(name).kill();
  }

  /** Makes a task hang: alive as a thread, deaf to everything. */
  hang(name: string): void {
    this.#find(name).hang();
  }

  /** True while the thread of a task exists and its program is loaded. */
  isRunning(name: string): boolean {
    return this.#find(name).phase === "running";
  }

  /** A look at every task, the main VM first. */
  view(): TaskView[] {
    this.use();
    const rows = [this.#viewOf("main", 0, 0, null)];
    for (const [name, task] of this.#tasks) {
      const state =
        task.phase === "idle" ? "STOPPED" : task.phase === "starting" ? "STARTING" : null;
      rows.push(this.#viewOf(name, task.index, task.restarts, state));
    }
    return rows;
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

  #viewOf(name: string, index: number, restarts: number, known: TaskState | null): TaskView {
    const { isAlive, ...place } = viewPlace(index);
    const state = known ?? place.state;
    return { name, restarts, ...place, state, pid: isAlive ? place.pid : 0 };
  }

  #select(name: string | undefined): TaskThread[] {
    return name === undefined ? [...this.#tasks.values()] : [this.#find(name)];
  }

  #find(name: string): TaskThread {
    const task = this.#tasks.get(name);
    if (task === undefined) {
      throw new Error(`found task "${name}", ${allowedNames(name, [...this.#tasks.keys()])}`);
    }
    return task;
  }

  #log(name: string, level: LogLevel, text: string): void {
    if (!this.emit("log", name, level, text)) process.stderr.write(`[${name}] ${text}\n`);
  }

  #watchBell(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#tick = setInterval(() => this.#poll(), TICK_MS);
    this.#tick.unref();
    void this.#listen();
  }

  async #listen(): Promise<void> {
    const { words, me } = this.#vm;
    // The main VM is always announced as asleep: who rings it notifies.
    Atomics.store(words, me + L.TASK_SLEEP, 1);
    while (this.#isListening) {
      const seen = Atomics.load(words, me + L.TASK_BELL);
      this.#poll();
      this.emit("bell");
      const wait = Atomics.waitAsync(words, me + L.TASK_BELL, seen);
      if (wait.async) await wait.value;
      else await new Promise((resolve) => setImmediate(resolve));
    }
    Atomics.store(words, me + L.TASK_SLEEP, 0);
  }

  #poll(): void {
    this.use();
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
