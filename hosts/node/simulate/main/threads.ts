/**
 * The real threads of a simulation: each has one life after the other. Which of them a life gets,
 * and when a thread is started or gone, decides nothing in the virtual world.
 */
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import { deathText } from "../../compile/source-maps.js";
import * as baton from "../baton/baton.js";
import { SEATS_MAX } from "../baton/control.js";
import type { BoardStart, LifeMessage, LifeStart, ThreadStart } from "../life/protocol.js";

/** As rollup.config.mjs builds it, beside the module that this is in. */
const THREAD = new URL("./thread.js", import.meta.url);

/** A thread. */
export interface RealThread {
  readonly seat: number;
  readonly port: MessagePort;
  readonly worker: Worker;
  /** Lives that it has ended, or is to end. */
  lives: number;
  isGone: boolean;
}

export class Threads {
  readonly #control: SharedArrayBuffer;
  readonly #idle: RealThread[] = [];
  readonly #all = new Set<RealThread>();
  readonly #seats: number[] = [];
  /** What a thread has died of by itself; "" as long as none has. */
  problem = "";
  /** How many have been started. */
  started = 0;

  constructor(control: SharedArrayBuffer) {
    this.#control = control;
    for (let seat = SEATS_MAX - 1; seat > 0; seat--) this.#seats.push(seat);
  }

  /** A thread for a life, which begins when it gets the baton. */
  take(start: LifeStart | BoardStart, transfer: readonly MessagePort[]): RealThread {
    let thread = this.#idle.shift() ?? this.#start();
    while (thread.isGone || !baton.awaitLives(thread.seat, thread.lives)) {
      thread = this.#idle.shift() ?? this.#start();
    }
    thread.port.postMessage(start, transfer);
    return thread;
  }

  /** Its life is over; it may still be on its way out. */
  release(thread: RealThread): void {
    thread.lives++;
    this.#idle.push(thread);
  }

  /** What its life has told since the last time. */
  messagesOf({ port }: RealThread): LifeMessage[] {
    const messages: LifeMessage[] = [];
    for (;;) {
      const received = receiveMessageOnPort(port);
      if (received === undefined) return messages;
      messages.push(received.message as LifeMessage);
    }
  }

  /** Ends all. Resolves when they are gone. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map(({ worker }) => worker.terminate()));
  }

  #start(): RealThread {
    const seat = this.#seats.pop();
    if (seat === undefined) throw new Error(`a simulation has at most ${SEATS_MAX} threads`);
    const { port1, port2 } = new MessageChannel();
    const start: ThreadStart = { control: this.#control, seat, port: port2 };
    const worker = new Worker(THREAD, {
      name: "simulated",
      workerData: start,
      transferList: [port2],
      execArgv: [],
      trackUnmanagedFds: false,
    });
    port1.unref();
    worker.unref();
    this.started++;
    const thread = { seat, port: port1, worker, lives: 0, isGone: false };
    this.#all.add(thread);
    worker.on("error", (error: unknown) => {
      this.problem = deathText(error);
    });
    worker.on("exit", () => {
      this.#all.delete(thread);
      thread.isGone = true;
      baton.freeSeat(seat);
      this.#seats.push(seat);
      port1.close();
    });
    return thread;
  }
}
