/**
 * One thread of a task: an incarnation, or the one that stands by to be the next.
 *
 * It knows how a thread starts and how it ends, and why. The rules: what proves its death is its
 * exit, or its own last word; its events belong to this object, so a late one never hits a
 * successor.
 */
import { Worker } from "node:worker_threads";
import type { Creation } from "../../../src/manifest/creation.js";
import type { DeathCause } from "../../../src/manager/status.js";
import type { SeatGrant } from "../hardware/hardware.js";
import type { HostMessage, WorkerMessage, WorkerStart } from "./protocol.js";
import { resourceLimitsFor } from "./resource-limits.js";
import { runtimeFolder } from "./runtime.js";
import { deathText, mapStack } from "../compile/source-maps.js";
import type { Pauses } from "../debug/pauses.js";
import type { ThreadLog } from "../log/logs.js";

/** Code of the error of a thread that had no memory left. */
const OUT_OF_MEMORY = "ERR_WORKER_OUT_OF_MEMORY";
/**
 * How long Node.js may take to end a thread. It ends one wherever JavaScript runs, or waits; one
 * that takes longer is in native code that does not come back (a blocking read, a long hash).
 */
const STUCK_MS = 5_000;
/** The first module of every task's thread, as rollup.config.mjs builds it. */
const WORKER = "worker.js";

/** What a thread tells its host. */
export interface ThreadEvents {
  /** It stands by, and loads its program when it is called. */
  waits(): void;
  /** The program is loaded: main() is being called, or it stands by. */
  loaded(): void;
  /** It stands still at this point of a message, where a fault is to strike. */
  point(point: number): void;
  /** It is gone. `cause` is null when it ended by itself, or left as it was told to. */
  gone(cause: DeathCause | null, text: string): void;
  /** It was to be ended, and Node.js cannot. Told once; gone() follows if it ends after all. */
  stuck(text: string): void;
}

/** A thread, as its host has it: a real one, or one of a simulation. */
export interface HostThread {
  /** `data:` URL of its program. */
  readonly program: string;
  /** Is its program loaded? */
  readonly isLoaded: boolean;
  /** Does a debugger hold it? False where nobody looks. */
  readonly isPaused: boolean;
  /** Resolves when it is gone. */
  readonly exited: Promise<void>;
  /** Resolves to true when it is gone, to false when it cannot be ended. */
  readonly ended: Promise<boolean>;
  /** Makes the thread that stands by the incarnation with this pid. */
  call(pid: number): void;
  /** Tells it to leave, for one that is idle in its event loop; ends it after `stop_ms`. */
  leave(stop_ms: number): void;
  /** Has its event loop show that it goes round. */
  nudge(): void;
  /** Has it look at its order (TASK_POISON) when it next comes to its event loop. */
  look(): void;
  /** From now on it does not keep the process alive. */
  unref(): void;
  /** Ends it at once, wherever it is. */
  kill(): void;
}

export class TaskThread implements HostThread {
  readonly program: string;
  isLoaded = false;
  readonly exited: Promise<void>;
  readonly ended: Promise<boolean>;
  readonly #events: ThreadEvents;
  readonly #log: ThreadLog;
  readonly #seat: SeatGrant | null;
  /** null where nobody looks what a debugger holds. */
  readonly #pauses: Pauses | null;
  readonly #worker: Worker;
  readonly #called: Int32Array;
  /** Why it dies, as far as it is known before its exit. */
  #cause: DeathCause = "exit";
  #text = "";
  #isStopped = false;
  #isGone = false;
  #force: NodeJS.Timeout | undefined;
  #limit: NodeJS.Timeout | undefined;
  #giveUp: () => void = () => undefined;

  /** Starts a thread. With the pid 0 it stands by until it is called. */
  constructor(
    start: Omit<WorkerStart, "log" | "hardware">,
    creation: Creation | undefined,
    log: ThreadLog,
    seat: SeatGrant | null,
    pauses: Pauses | null,
    events: ThreadEvents,
  ) {
    this.program = start.program;
    this.#log = log;
    this.#seat = seat;
    this.#pauses = pauses;
    this.#events = events;
    this.#called = start.called;
    const isTraced = start.trace !== null;
    this.#worker = new Worker(new URL(WORKER, runtimeFolder(isTraced)), {
      name: start.name,
      workerData: {
        ...start,
        log: log.memory,
        hardware: seat?.start ?? null,
      } satisfies WorkerStart,
      transferList: seat === null ? [] : [seat.transfer],
      // All that it writes goes to its log; Node.js need not hand anything to the main thread.
      stdout: true,
      stderr: true,
      // Flags of the main thread (loaders, inspectors) are not the task's.
      execArgv: [],
      resourceLimits: resourceLimitsFor(creation),
    });
    this.#worker.on("message", (message: unknown) => this.#hear(message as WorkerMessage | null));
    this.#worker.on("error", (error: unknown) => {
      const isMemory = (error as { code?: unknown } | null)?.code === OUT_OF_MEMORY;
      this.#cause = isMemory ? "memory" : error instanceof SyntaxError ? "syntax" : "throw";
      this.#text = deathText(error);
    });
    this.exited = new Promise((resolve) => {
      this.#worker.on("exit", (code) => {
        clearTimeout(this.#limit);
        this.#exit(code);
        resolve();
      });
    });
    const isStuck = new Promise<boolean>((resolve) => (this.#giveUp = () => resolve(false)));
    this.ended = Promise.race([this.exited.then(() => true), isStuck]);
  }

  call(pid: number): void {
    Atomics.store(this.#called, 0, pid);
    Atomics.notify(this.#called, 0);
  }

  leave(stop_ms: number): void {
    if (this.#force !== undefined || this.#isGone) return;
    this.#worker.postMessage({ type: "stop" } satisfies HostMessage);
    this.#limitLeaving(stop_ms);
  }

  unref(): void {
    this.#worker.unref();
  }

  get isPaused(): boolean {
    return this.#pauses !== null && this.#pauses.isPaused(this.#worker.threadId);
  }

  #limitLeaving(stop_ms: number): void {
    this.#force = setTimeout(() => {
      // Its time begins when it goes on.
      if (this.isPaused) return this.#limitLeaving(stop_ms);
      this.#cause = "stuck";
      this.#text = `did not leave within ${stop_ms} ms`;
      this.#terminate();
    }, stop_ms);
  }

  nudge(): void {
    this.#worker.postMessage({ type: "nudge" } satisfies HostMessage);
  }

  look(): void {
    this.#worker.postMessage({ type: "look" } satisfies HostMessage);
  }

  kill(): void {
    this.#cause = "killed";
    this.#text = "ended from outside";
    this.#terminate();
  }

  #terminate(): void {
    this.#pauses?.release(this.#worker.threadId);
    void this.#worker.terminate();
    this.#limit ??= setTimeout(() => {
      this.#giveUp();
      this.#events.stuck(`Node.js could not end it within ${STUCK_MS} ms: it is in native code`);
    }, STUCK_MS);
  }

  /** A program can send what it likes from its thread: nothing of it is taken on trust. */
  #hear(message: Partial<WorkerMessage> | null): void {
    if (message?.type === "log") {
      this.#log.told();
    } else if (message?.type === "waits") {
      this.#events.waits();
    } else if (message?.type === "loaded") {
      this.isLoaded = true;
      this.#events.loaded();
    } else if (message?.type === "point") {
      this.#events.point(Number(message.point));
    } else if (message?.type === "stopped") {
      this.#isStopped = true;
    } else if (message?.type === "threw") {
      // Its last act: nothing of its program runs any more. Its successor need not wait for Node.js
      // to take the thread down, which takes longer than a standby to take over.
      const { cause, text } = message;
      this.#end(cause === "syntax" ? cause : "throw", deathText(text));
      // Any program can say so. One that has not meant it must not run on beside its successor.
      this.#terminate();
    }
  }

  #exit(code: number): void {
    const isEnd = this.#isStopped || (code === 0 && this.#cause === "exit");
    if (isEnd) this.#end(null, "");
    else this.#end(this.#cause, this.#text === "" ? `exit code ${code}` : this.#text);
  }

  /** The proof of death; told once. */
  #end(cause: DeathCause | null, text: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    clearTimeout(this.#force);
    this.#log.end();
    // Before anybody hears of it: a successor opens what this one has had.
    this.#seat?.leave();
    this.#events.gone(cause, mapStack(text, this.program));
  }
}
