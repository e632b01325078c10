/**
 * The simulated board as the main thread has it: it starts the hardware's thread, gives seats to
 * the threads of tasks, and asks and moves the board for tests and people.
 *
 * The main thread never waits for the board: each call here is a message, and its answer a promise.
 */
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { InputError, UsageError } from "../input-error.js";
import type { LogLevel } from "../log/line.js";
import { BoardCalls } from "./calls.js";
import { createSeat, Seat } from "./wire/seat.js";
import type { FromHardware, HardwareStart, SeatStart, ToHardware } from "./wire/protocol.js";

const THREAD = new URL("./thread.js", import.meta.url);

/** What a board is made of. */
export interface HardwareOptions {
  /** `data:` URL of the module that describes it. */
  readonly program: string;
  /** Path of that module, for problems. */
  readonly file: string;
  readonly seed: number;
  readonly log: (level: LogLevel, text: string) => void;
  /** Code of the board threw outside of any call: nothing of it can be relied upon. */
  readonly report: (error: unknown) => void;
}

/** A seat that was given to a thread. */
export interface SeatGrant {
  readonly start: SeatStart;
  readonly transfer: MessagePort;
  /** The thread is over: what it has open is closed before anybody else's next request. */
  leave(): void;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The thread, while the board is switched on. */
class Power {
  readonly #worker: Worker;
  readonly #bell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly ready: Promise<readonly string[]>;
  readonly #pending = new Map<number, Pending>();
  #calls = 0;

  constructor({ program, file, seed, log, report }: HardwareOptions) {
    const start: HardwareStart = { program, bell: this.#bell, seed };
    this.#worker = new Worker(THREAD, {
      workerData: start,
      name: "hardware",
      execArgv: [],
      // What it writes is told as a message; nobody reads these.
      stdout: true,
      stderr: true,
    });
    this.ready = new Promise((resolve, reject) => {
      const fail = (problems: readonly string[]): void => {
        const sentences = problems.map((problem) => `${file}: ${problem}`);
        reject(new InputError(sentences.join("\n"), sentences));
      };
      this.#worker.on("message", (message: FromHardware) => {
        if (message.type === "ready") {
          // From now on it is no reason for the process to go on.
          if (this.#pending.size === 0) this.#worker.unref();
          resolve(message.parts);
        } else if (message.type === "wrong") fail(message.problems);
        else if (message.type === "log") log(message.level, message.text);
        else this.#settle(message);
      });
      this.#worker.on("error", (error) => {
        report(error);
        fail([String(error)]);
      });
      this.#worker.on("exit", () => {
        fail(["its thread has ended"]);
        const error = new Error("the board is switched off");
        for (const { reject: rejectCall } of this.#pending.values()) rejectCall(error);
        this.#pending.clear();
      });
    });
    // Whoever starts it waits for it; later it is of no interest.
    this.ready.catch(() => undefined);
  }

  call(name: string, args: readonly unknown[]): Promise<unknown> {
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      if (this.#pending.size === 1) this.#worker.ref();
      this.#tell({ type: "call", id, call: { name, args } });
    });
  }

  seat(name: string): SeatGrant {
    const memory = createSeat();
    const { port1, port2 } = new MessageChannel();
    this.#tell({ type: "seat", name, memory, port: port1 }, [port1]);
    const seat = new Seat(memory, this.#bell);
    return {
      start: { memory, bell: this.#bell, port: port2 },
      transfer: port2,
      leave: () => seat.leave(),
    };
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #tell(message: ToHardware, transfer: readonly MessagePort[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #settle(message: Extract<FromHardware, { type: "done" | "failed" }>): void {
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if (message.type === "done") pending?.resolve(message.value);
    else pending?.reject(new UsageError(`hardware: ${message.text}`));
  }
}

/** `system.hardware`: what a test, or a person, does with the simulated board. */
export interface SimulatedHardware extends Omit<Hardware, "seat" | "switchOn" | "switchOff"> {}

/**
 * The simulated board of a system. Its calls may be made from boot() on; with stop() the board is
 * switched off, and they reject.
 */
export class Hardware extends BoardCalls {
  readonly #options: HardwareOptions;
  #power: Power | null;
  #parts: readonly string[] = [];

  private constructor(options: HardwareOptions) {
    super();
    this.#options = options;
    this.#power = new Power(options);
  }

  /** Switches a board on. Rejects with an InputError that says what is wrong in its description. */
  static async start(options: HardwareOptions): Promise<Hardware> {
    const hardware = new Hardware(options);
    try {
      hardware.#parts = await hardware.#power!.ready;
    } catch (error) {
      await hardware.switchOff();
      throw error;
    }
    return hardware;
  }

  override get parts(): readonly string[] {
    return this.#parts;
  }

  /** For the host: a seat for a new thread of a task. */
  seat(name: string): SeatGrant {
    if (this.#power === null) throw new Error("the board is switched off");
    return this.#power.seat(name);
  }

  /** For the host: the system starts. The same board, or a new one after switchOff(). */
  switchOn(): void {
    this.#power ??= new Power(this.#options);
  }

  /** For the host: ends the thread. Resolves when it is gone. */
  async switchOff(): Promise<void> {
    const power = this.#power;
    this.#power = null;
    await power?.end();
  }

  protected override ask(name: string, ...args: readonly unknown[]): Promise<unknown> {
    if (this.#power !== null) return this.#power.call(name, args);
    return Promise.reject(new Error("the board is switched off"));
  }
}
