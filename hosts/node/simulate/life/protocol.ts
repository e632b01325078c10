/**
 * What the main VM and a life tell each other beside the arena: types only. Messages are taken
 * without waiting, by whoever has the baton; the order in which they are sent is that of the
 * simulation.
 */
import type { MessagePort } from "node:worker_threads";
import type { DeathCause } from "../../../../src/manager/status.js";
import type { HardwareCall } from "../../hardware/wire/protocol.js";
import type { LogLevel } from "../../log/line.js";

/** What a thread is started with. */
export interface ThreadStart {
  readonly control: SharedArrayBuffer;
  /** Its gate. */
  readonly seat: number;
  /** Through it come its lives, one LifeStart each, and what they tell goes. */
  readonly port: MessagePort;
}

/** A life of a task. */
export interface LifeStart {
  readonly type: "task";
  readonly arena: SharedArrayBuffer;
  /** Of the task. */
  readonly name: string;
  /** 0 for one that stands by until it is called. */
  readonly pid: number;
  /** `data:` URL of its program, a script. */
  readonly program: string;
  readonly args: unknown;
  /** Absolute path of the application's folder: it may read what is in there. */
  readonly dir: string;
  /** The messages at which faults strike (trace/point-words.ts). */
  readonly points: SharedArrayBuffer;
  /** The rings of the trace; null where nothing is traced. */
  readonly trace: SharedArrayBuffer | null;
  /** Of its own chance. */
  readonly seed: number;
  /** Real I/O is let through, with a warning. */
  readonly allowsIo: boolean;
  /** Its seat at the simulated board; null where none is described. */
  readonly seat: VirtualSeat | null;
}

/** The life that plays the simulated board. */
export interface BoardStart {
  readonly type: "board";
  /** `data:` URL of the module that describes it, a script. */
  readonly program: string;
  readonly dir: string;
  /** Of its noise, and of the chance of its code. */
  readonly seed: number;
  readonly allowsIo: boolean;
  /** One word that is rung when there is something for the board. */
  readonly bell: Int32Array;
}

/** What a life has of the board. */
export interface VirtualSeat {
  readonly memory: SharedArrayBuffer;
  /** Of the memory, for atomics.ts. */
  readonly number: number;
  readonly bell: Int32Array;
  /** Interrupts come through it. */
  readonly port: MessagePort;
}

/** What the main VM tells the life that plays the board. */
export type ToBoard =
  | {
      readonly type: "seat";
      /** Of the task. */
      readonly name: string;
      /** Who it is, to be told of interrupts. */
      readonly participant: number;
      readonly memory: SharedArrayBuffer;
      readonly number: number;
      readonly port: MessagePort;
    }
  | { readonly type: "call"; readonly id: number; readonly call: HardwareCall };

/** What a life tells. */
export type LifeMessage =
  | {
      readonly type: "log";
      readonly level: LogLevel;
      readonly text: string;
      readonly at_ms: number;
    }
  /** It stands still at this point of a message. */
  | { readonly type: "point"; readonly point: number }
  /** Its last word: why it ends. */
  | { readonly type: "threw"; readonly cause: DeathCause; readonly text: string }
  | BoardMessage;

/** What the board tells. */
export type BoardMessage =
  /** It is described, with these parts. */
  | { readonly type: "ready"; readonly parts: readonly string[] }
  /** Its description is wrong: sentences. */
  | { readonly type: "wrong"; readonly problems: readonly string[] }
  | { readonly type: "done"; readonly id: number; readonly value: unknown }
  | { readonly type: "failed"; readonly id: number; readonly text: string };
