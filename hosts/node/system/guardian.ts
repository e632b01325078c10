/**
 * The guardian of the main thread: while that stands still nobody sees tasks die or restarts them.
 * Its thread, which waits for nobody, also ends the first slices of sleeps (slices.ts).
 *
 * On a board it restarts the chip. Here another thread looks, and says at once that the main thread
 * stands still; the board is restarted as soon as the main thread runs again, since nothing but
 * itself can end what it is doing.
 */
import { url as debuggerUrl } from "node:inspector";
import { Worker } from "node:worker_threads";
import type { GuardianStart, Stall } from "./guardian-thread.js";

const THREAD = new URL("./guardian-thread.js", import.meta.url);

export class Guardian {
  readonly #worker: Worker;
  readonly #words: Int32Array;

  /**
   * False for a patience of 0, and under a debugger, where a breakpoint stops the main thread and
   * nothing else.
   */
  static isWanted(patience_ms: number): boolean {
    return patience_ms !== 0 && debuggerUrl() === undefined;
  }

  /** Starts one: calls `stalled` when feed() was not called for `patience_ms`. */
  constructor(patience_ms: number, arena: Int32Array, stalled: (reason: string) => void) {
    this.#words = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
    const start: GuardianStart = { words: this.#words, patience_ms, arena };
    this.#worker = new Worker(THREAD, { workerData: start, execArgv: [], name: "guardian" });
    this.#worker.on("message", ({ reason }: Stall) => stalled(reason));
    // Behind the listener, which would keep the process alive again.
    this.#worker.unref();
  }

  /** The main thread runs. */
  feed(): void {
    Atomics.add(this.#words, 0, 1);
  }

  /** Nobody feeds it from here on: it looks after the sleeps of tasks alone. */
  relieve(): void {
    Atomics.store(this.#words, 1, 1);
  }

  /** Resolves when it is gone. */
  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
