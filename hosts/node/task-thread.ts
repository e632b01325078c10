/**
 * One declared task of a running system: its thread, its deaths and its starts.
 *
 * The rules: a thread's exit is the proof of death, and a task is started again only after it. An
 * exit event belongs to the incarnation it was registered for, so a late one never hits the
 * successor.
 */
import { Worker } from "node:worker_threads";
import { reportDeath } from "../../src/kernel/death.js";
import * as L from "../../src/kernel/layout.js";
import { use, type Vm } from "../../src/kernel/state.js";
import { claimTask, poison } from "../../src/kernel/task.js";
import { TRACE_START, trace } from "../../src/kernel/trace.js";
import { CompileError, type Compiler } from "./compile.js";
import type { TaskProgram } from "./manifest/read.js";
import type { DeathCause, HostMessage, LogLevel, WorkerMessage, WorkerStart } from "./protocol.js";
import { resourceLimitsFor } from "./resource-limits.js";

/**
 * A task that lived less than this waits before it is started again: at most 20 starts a second.
 */
const MIN_RUN_MS = 50;
/** How long a task may take to leave after it was told to stop. */
const STOP_GRACE_MS = 500;
/** How soon to try again when the place of the predecessor is not free yet. */
const PLACE_RETRY_MS = 1;

/** One death. */
export interface TaskDeath {
  readonly name: string;
  /** 0 when it died before it had one: its program does not compile. */
  readonly pid: number;
  readonly cause: DeathCause;
  /** The stack of what it threw, esbuild's message, the exit code. */
  readonly text: string;
}

/** What a task thread tells its system. */
export interface TaskEvents {
  readonly started: (name: string, pid: number) => void;
  readonly ready: (name: string, pid: number) => void;
  readonly died: (death: TaskDeath) => void;
  /** It ended by itself, without an error, or because it was told to stop. */
  readonly ended: (name: string, pid: number) => void;
  readonly log: (name: string, level: LogLevel, text: string) => void;
}

/** What the task threads of a system have in common. */
export interface TaskContext {
  readonly vm: Vm;
  readonly compiler: Compiler;
  readonly worker: URL;
  readonly spinMax: number | undefined;
  readonly events: TaskEvents;
}

/** What the host knows of an incarnation that the arena does not. */
type Phase = "idle" | "starting" | "running" | "dead";

export class TaskThread {
  readonly spec: TaskProgram;
  /** Place in the arena. */
  readonly index: number;
  /** Starts after the first one. */
  restarts = 0;
  phase: Phase = "idle";
  readonly #context: TaskContext;
  #worker: Worker | null = null;
  #pid = 0;
  #started_ms = 0;
  /** Should it run? False after stop() and after it ended by itself. */
  #isWanted = false;
  #timer: NodeJS.Timeout | undefined;
  /** Why this incarnation dies, as far as it is known before its exit. */
  #cause: DeathCause = "exit";
  #text = "";
  #isStopped = false;
  #exited: Promise<void> = Promise.resolve();

  constructor(spec: TaskProgram, index: number, context: TaskContext) {
    this.spec = spec;
    this.index = index;
    this.#context = context;
  }

  /** pid of the current incarnation; 0 while there is none. */
  get pid(): number {
    return this.#worker === null ? 0 : this.#pid;
  }

  /** Starts it, unless it runs. Resolves when its thread exists or its program is found bad. */
  async start(): Promise<void> {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.restarts = 0;
    await this.#launch();
  }

  /** Tells it to stop, and ends it by force when it does not. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    clearTimeout(this.#timer);
    const worker = this.#worker;
    if (worker === null) {
      this.phase = "idle";
      return;
    }
    use(this.#context.vm);
    // Blocked in the kernel it sees the poison; idle in its event loop, the message.
    poison(L.TASKS_AT + (this.index << L.TASK_SHIFT), L.POISON_STOP);
    worker.postMessage({ type: "stop" } satisfies HostMessage);
    const force = setTimeout(() => {
      this.#cause = "stuck";
      void worker.terminate();
    }, STOP_GRACE_MS);
    await this.#exited;
    clearTimeout(force);
  }

  /** Ends it at once, wherever it is. Resolves when its death has been worked through. */
  async kill(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    this.#cause = "killed";
    void worker.terminate();
    await this.#exited;
  }

  /** Makes it hang at its next pass through the kernel, deaf and without a sign of life. */
  hang(): void {
    if (this.#worker === null) return;
    use(this.#context.vm);
    poison(L.TASKS_AT + (this.index << L.TASK_SHIFT), L.POISON_HANG);
  }

  async #launch(): Promise<void> {
    const { compiler, vm, worker: file, spinMax, events } = this.#context;
    this.phase = "starting";
    this.#started_ms = performance.now();
    let program: string;
    try {
      program = (await compiler.compile(this.spec.file)).url;
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      this.#died({ name: this.spec.name, pid: 0, cause: "syntax", text: error.message });
      return;
    }
    if (!this.#isWanted) return;
    use(vm);
    const pid = claimTask(this.index, this.spec.priority);
    if (pid < 0) {
      // A server still holds a claim on the last message of the predecessor.
      this.#timer = setTimeout(() => void this.#launch(), PLACE_RETRY_MS);
      return;
    }
    trace(TRACE_START, pid);
    const start: WorkerStart = {
      arena: vm.words.buffer as SharedArrayBuffer,
      pid,
      name: this.spec.name,
      program,
      args: this.spec.args,
      spinMax,
    };
    const worker = new Worker(file, {
      name: this.spec.name,
      workerData: start,
      // Flags of the main thread (loaders, inspectors) are not the task's.
      execArgv: [],
      resourceLimits: resourceLimitsFor(this.spec.creation),
    });
    this.#adopt(worker, pid);
    events.started(this.spec.name, pid);
  }

  #adopt(worker: Worker, pid: number): void {
    this.#worker = worker;
    this.#pid = pid;
    this.#cause = "exit";
    this.#text = "";
    this.#isStopped = false;
    worker.on("message", (message: WorkerMessage) => this.#hear(message, pid));
    worker.on("error", (error: Error & { code?: string }) => {
      const isMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
      this.#cause = isMemory ? "memory" : error instanceof SyntaxError ? "syntax" : "throw";
      this.#text = error.stack ?? String(error);
    });
    this.#exited = new Promise((resolve) => {
      worker.on("exit", (code) => {
        this.#exit(code, pid);
        resolve();
      });
    });
  }

  #hear(message: WorkerMessage, pid: number): void {
    const { events } = this.#context;
    const { name } = this.spec;
    if (message.type === "log") {
      events.log(name, message.level, message.text);
    } else if (message.type === "ready") {
      this.phase = "running";
      events.ready(name, pid);
    } else if (message.type === "stopped") {
      this.#isStopped = true;
    } else {
      this.#cause = message.cause;
      this.#text = message.text;
    }
  }

  /** The thread is gone: the proof of death, whatever was reported before. */
  #exit(code: number, pid: number): void {
    use(this.#context.vm);
    reportDeath(pid);
    this.#worker = null;
    const { name } = this.spec;
    const isEnd = this.#isStopped || (code === 0 && this.#cause === "exit");
    if (isEnd) {
      this.phase = "idle";
      this.#isWanted = false;
      this.#context.events.ended(name, pid);
      return;
    }
    const text = this.#text === "" ? `exit code ${code}` : this.#text;
    this.#died({ name, pid, cause: this.#cause, text });
  }

  #died(death: TaskDeath): void {
    this.phase = this.#isWanted ? "dead" : "idle";
    this.#context.events.died(death);
    if (!this.#isWanted) return;
    const lived_ms = performance.now() - this.#started_ms;
    this.#timer = setTimeout(
      () => {
        this.restarts++;
        void this.#launch();
      },
      Math.max(0, MIN_RUN_MS - lived_ms),
    );
  }
}
