/**
 * One declared task of a running system: its worker, its deaths and its starts.
 *
 * The main VM cannot wait for a worker and is told nothing when it crashes. So it looks, at every
 * tick of its timer, at the stage that the worker writes into the arena. The rules:
 * - A worker is terminated only after it has said that it is over, and has had a whole tick to get
 *   out of its code: FreeRTOS deletes a task wherever it is, asleep in Atomics.wait (its waiter
 *   record would dangle) or holding a lock (every VM would hang).
 * - Its death is reported, and its place used again, only after that: it cannot run any more.
 * - One that does not leave cannot be ended without the risk of both: the board restarts.
 */
import Worker from "worker";
import type { TaskSpec } from "../../src/config/reattach.js";
import { load } from "../../src/kernel/atomic.js";
import { reportDeath } from "../../src/kernel/death.js";
import * as L from "../../src/kernel/layout.js";
import { type Vm } from "../../src/kernel/state.js";
import { claimTask, poison } from "../../src/kernel/task.js";
import { TRACE_START, trace as record } from "../../src/kernel/trace.js";
import type { TaskState } from "../../src/kernel/view.js";
import { workerOptions } from "./creation.js";
import type { StartMessage, StopMessage } from "./protocol.js";
import type { Rebooter } from "./reboot.js";

/**
 * A task that lived less than this waits before it is started again: at most 20 starts a second.
 */
const MIN_RUN_MS = 50;
/** How long a task may take to leave after it was told to. */
const STOP_GRACE_MS = 1_000;
/** The module that all workers start with (worker.ts). */
const WORKER_MODULE = "reattach/moddable/worker";

/** Why a task is dead. */
export type DeathCause =
  /** It threw, in main(), at the top level of a module, or later in a callback. The log has it. */
  | "throw"
  /** It needed more memory than its creation gives, or there was none for its VM. */
  | "memory"
  /** kill() */
  | "killed";

/** One death. */
export interface TaskDeath {
  readonly name: string;
  readonly pid: number;
  readonly cause: DeathCause;
}

/** What a task worker tells its system. */
export interface TaskEvents {
  started(name: string, pid: number): void;
  ready(name: string, pid: number): void;
  died(death: TaskDeath): void;
  /** It has obeyed the order to stop. */
  ended(name: string, pid: number): void;
}

/** What the task workers of a system have in common. */
export interface TaskContext {
  readonly vm: Vm;
  readonly spinMax: number;
  readonly rebooter: Rebooter;
  readonly events: TaskEvents;
}

/** What the host knows of an incarnation. */
type Phase =
  /** Not wanted. */
  | "idle"
  /** To be started when its time has come and its place is free. */
  | "due"
  /** Its worker exists. */
  | "alive"
  /** It has said that it is over. */
  | "over";

export class TaskWorker {
  readonly spec: TaskSpec;
  /** Its place in the arena. */
  readonly index: number;
  /** Starts after the first one. */
  restarts = 0;
  readonly #context: TaskContext;
  #phase: Phase = "idle";
  #isWanted = false;
  #isReady = false;
  #worker: Worker | null = null;
  #pid = 0;
  /** Host's clock: of the last start; when the next one is due; when patience ends, 0 for never. */
  #started_ms = 0;
  #due_ms = 0;
  #patience_ms = 0;
  #isKilled = false;
  /** Who waits for it to be gone. */
  #waiting: (() => void)[] = [];

  constructor(spec: TaskSpec, index: number, context: TaskContext) {
    this.spec = spec;
    this.index = index;
    this.#context = context;
  }

  /** True while its program is loaded and has not ended. */
  get isRunning(): boolean {
    return this.#phase === "alive" && this.#isReady;
  }

  /** What the host knows better than the arena does; null while the program runs. */
  get state(): TaskState | null {
    if (this.#phase === "idle") return "STOPPED";
    if (this.#phase !== "alive") return "DEAD";
    return this.#isReady ? null : "STARTING";
  }

  /** Starts it unless it is to run already; at the next tick when its place is not free yet. */
  start(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.restarts = 0;
    if (this.#phase === "idle") this.#launch();
  }

  /** Tells it to leave, not to be started again; the board restarts if it does not. */
  stop(): Promise<void> {
    this.#isWanted = false;
    if (this.#phase === "due") this.#phase = "idle";
    return this.#leave();
  }

  /** Tells it to leave as if it had crashed: it is started again. */
  kill(): Promise<void> {
    if (this.#phase === "alive") this.#isKilled = true;
    return this.#leave();
  }

  /** Makes it hang at its next pass through the kernel, without a sign of life. */
  hang(): void {
    if (this.#phase === "alive") poison(this.#place, L.POISON_HANG);
  }

  /** Main's look at it, once a tick. */
  look(now: number): void {
    if (this.#phase === "due") {
      if (now >= this.#due_ms) this.#launch();
    } else if (this.#phase === "over") {
      this.#bury(now);
    } else if (this.#phase === "alive") {
      this.#lookAtStage(now);
    }
  }

  get #place(): number {
    return L.TASKS_AT + (this.index << L.TASK_SHIFT);
  }

  #lookAtStage(now: number): void {
    const stage = load($words, this.#place + L.TASK_STAGE);
    if (stage >= L.STAGE_STOPPED) {
      this.#phase = "over";
    } else if (this.#patience_ms !== 0 && now > this.#patience_ms) {
      this.#context.rebooter.reboot(
        `task ${this.spec.name} did not leave within ${STOP_GRACE_MS} ms`,
      );
    } else if (stage === L.STAGE_RUNNING && !this.#isReady) {
      this.#isReady = true;
      this.#context.events.ready(this.spec.name, this.#pid);
    }
  }

  /** Asks it to leave. Resolves when it is gone. */
  #leave(): Promise<void> {
    if (this.#worker === null) return Promise.resolve();
    if (this.#phase === "alive" && this.#patience_ms === 0) {
      this.#patience_ms = this.#context.vm.port.now() + STOP_GRACE_MS;
      // Blocked in the kernel it sees the poison; idle in its event loop, the message.
      poison(this.#place, L.POISON_STOP);
      this.#worker.postMessage({ stop: true } satisfies StopMessage);
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #launch(): void {
    const { vm, spinMax, events } = this.#context;
    const { name, module, args, priority } = this.spec;
    this.#phase = "due";
    const pid = claimTask(this.index, priority);
    // Else a server still holds a claim on the last message of the predecessor: the next tick.
    if (pid < 0) return;
    this.#started_ms = vm.port.now();
    this.#pid = pid;
    record(TRACE_START, pid);
    try {
      this.#worker = new Worker(WORKER_MODULE, workerOptions(this.spec));
    } catch (error) {
      trace(`reattach: no worker for task ${name}: ${String(error)}\n`);
      reportDeath(pid);
      this.#died("memory", this.#started_ms);
      return;
    }
    const arena = vm.words.buffer as SharedArrayBuffer;
    this.#worker.postMessage({ arena, pid, name, module, args, spinMax } satisfies StartMessage);
    this.#phase = "alive";
    this.#isReady = false;
    this.#isKilled = false;
    this.#patience_ms = 0;
    events.started(name, pid);
  }

  /** It said so at the tick before this one: nothing of it runs any more. */
  #bury(now: number): void {
    const stage = load($words, this.#place + L.TASK_STAGE);
    this.#worker!.terminate();
    this.#worker = null;
    reportDeath(this.#pid);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
    if (stage === L.STAGE_MEMORY) this.#died("memory", now);
    else if (stage === L.STAGE_THREW) this.#died("throw", now);
    else if (this.#isKilled) this.#died("killed", now);
    else this.#ended();
  }

  #ended(): void {
    this.#phase = "idle";
    this.#context.events.ended(this.spec.name, this.#pid);
    // start() may have been called meanwhile.
    if (this.#isWanted) this.#launch();
  }

  #died(cause: DeathCause, now: number): void {
    this.#phase = this.#isWanted ? "due" : "idle";
    this.#due_ms = Math.max(now, this.#started_ms + MIN_RUN_MS);
    if (this.#isWanted) this.restarts++;
    this.#context.events.died({ name: this.spec.name, pid: this.#pid, cause });
  }
}
