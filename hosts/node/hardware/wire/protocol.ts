/**
 * What the main thread, the hardware's thread and the threads of tasks send each other beside the
 * seats. Types only.
 */
import type { MessagePort } from "node:worker_threads";
import type { LogLevel } from "../../log/line.js";

/** What the hardware's thread is started with. */
export interface HardwareStart {
  /** `data:` URL of the module that describes the board. */
  readonly program: string;
  readonly bell: Int32Array;
  /** Noise repeats with it. */
  readonly seed: number;
}

/** What a task's thread has of the board. */
export interface SeatStart {
  readonly memory: SharedArrayBuffer;
  readonly bell: Int32Array;
  /** Interrupts come through it. */
  readonly port: HeardPort;
}

/** The board's end of what interrupts go through. */
export type InterruptPort = Pick<MessagePort, "postMessage" | "close">;

/** The task's end of it; it keeps the task's event loop alive while it is referred to. */
export interface HeardPort {
  on(event: "message", listener: (interrupt: Interrupt) => void): unknown;
  ref(): void;
  unref(): void;
}

/** An interrupt: there is something to be taken from what is open under this handle. */
export interface Interrupt {
  readonly handle: number;
}

/** What the main thread asks of the hardware's thread by name. */
export interface HardwareCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

export type ToHardware =
  | {
      readonly type: "seat";
      /** Of the task. */
      readonly name: string;
      readonly memory: SharedArrayBuffer;
      readonly port: MessagePort;
    }
  | { readonly type: "call"; readonly id: number; readonly call: HardwareCall };

export type FromHardware =
  /** The board is described, with these parts: "i2c.0x48", "pin.4". */
  | { readonly type: "ready"; readonly parts: readonly string[] }
  /** Its description is wrong: sentences. */
  | { readonly type: "wrong"; readonly problems: readonly string[] }
  | { readonly type: "done"; readonly id: number; readonly value: unknown }
  | { readonly type: "failed"; readonly id: number; readonly text: string }
  /** A device's code threw, or told something. */
  | { readonly type: "log"; readonly level: LogLevel; readonly text: string };
