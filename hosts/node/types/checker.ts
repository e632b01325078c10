/**
 * Types of an application, checked in a thread of their own: the main thread, and the messages of
 * tasks, go on meanwhile.
 */
import { Worker } from "node:worker_threads";
import type { TypesAnswer, TypesRequest, TypesStart } from "./protocol.js";

const THREAD = new URL("./thread.js", import.meta.url);

/** Who waits for an answer. */
interface Asked {
  readonly resolve: (answer: TypesAnswer) => void;
  readonly reject: (why: Error) => void;
}

/** One thread. It does not keep the process alive. */
export class TypeChecker {
  readonly #worker: Worker;
  /** Settled when the thread has answered all that it was asked. */
  #idle: Promise<unknown> = Promise.resolve();
  #asked: Asked | null = null;
  #latest = 0;
  /** Why there is no thread any more. */
  #end: Error | null = null;

  /** Starts it; what it needs a second for it does then. */
  constructor(start: TypesStart) {
    this.#worker = new Worker(THREAD, { workerData: start, execArgv: [], name: "types" });
    this.#worker.on("message", (answer: TypesAnswer) => {
      this.#asked?.resolve(answer);
      this.#asked = null;
    });
    this.#worker.on("error", (error) => this.#die(error));
    this.#worker.on("exit", (code) => this.#die(new Error(`it has ended with code ${code}`)));
    // Behind the listener for messages, which would have it keep the process alive again.
    this.#worker.unref();
  }

  /** Is the thread gone? */
  get isDead(): boolean {
    return this.#end !== null;
  }

  /**
   * Has these sources of programs checked as they are when their turn comes. Resolves to null when
   * somebody has asked again before that: to look at an older state is of no use. Rejects with why
   * the thread is gone.
   */
  async check(sources: readonly string[]): Promise<TypesAnswer | null> {
    const mine = ++this.#latest;
    await this.#idle;
    if (mine !== this.#latest) return null;
    if (this.#end !== null) throw this.#end;
    const request: TypesRequest = { sources };
    const answer = new Promise<TypesAnswer>((resolve, reject) => {
      this.#asked = { resolve, reject };
    });
    this.#idle = answer.catch(() => undefined);
    this.#worker.postMessage(request);
    return answer;
  }

  /** Ends the thread. */
  close(): void {
    this.#die(new Error("it was closed"));
    void this.#worker.terminate();
  }

  #die(why: Error): void {
    this.#end ??= why;
    this.#asked?.reject(this.#end);
    this.#asked = null;
  }
}
