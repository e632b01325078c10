/**
 * A task's end of the simulated board: asks through its seat, and hears interrupts in its event
 * loop. As on a device, a task that is blocked elsewhere hears them later.
 */
import type { Interrupt, SeatStart } from "../wire/protocol.js";
import { CLOSE, KINDS, type Kind, OPEN, TAKE } from "../wire/operations.js";
import { DATA_BYTES_MAX, Seat } from "../wire/seat.js";

/** What this thread has of the board. */
interface Attachment {
  readonly seat: Seat;
  readonly port: SeatStart["port"];
  /** What has callbacks: they keep the task's event loop alive. */
  readonly listening: Map<number, (value: number) => void>;
}

/** One thread, one seat: the modules of a program are loaded once in it. */
let attachment: Attachment | null = null;

/** Attaches this thread; before its program is loaded. */
export function attachHardware({ memory, bell, port }: SeatStart): void {
  const listening = new Map<number, (value: number) => void>();
  const seat = new Seat(memory, bell);
  attachment = { seat, port, listening };
  port.on("message", ({ handle }: Interrupt) => {
    // It may be closed by now.
    const callback = listening.get(handle);
    if (callback !== undefined) callback(seat.ask(TAKE, handle, 0));
  });
  port.unref();
}

function attached(): Attachment {
  if (attachment !== null) return attachment;
  throw new Error("this thread has no seat at the simulated board");
}

/** What a constructor is given. Only numbers, strings and booleans of it go to the board. */
export type Options = Readonly<Record<string, unknown>>;

const PLAIN = ["number", "string", "boolean"];

/** A peripheral that a task has open. It has it until close(), or until the task is over. */
export class Peripheral {
  #handle: number;

  /** Opens it: throws what the device's driver throws. */
  constructor(kind: Kind, options: Options) {
    const plain = Object.entries(options).filter(([, value]) => PLAIN.includes(typeof value));
    const bytes = new TextEncoder().encode(JSON.stringify(Object.fromEntries(plain)));
    this.#handle = attached().seat.ask(OPEN, 0, KINDS.indexOf(kind), bytes);
  }

  /** Has the board do something; blocks until it is done. Returns its value. */
  ask(operation: number, value = 0, bytes?: Uint8Array): number {
    if (this.#handle === 0) throw new Error("it is closed");
    return attached().seat.ask(operation, this.#handle, value, bytes);
  }

  /** The same, for `count` bytes at the most. */
  askBytes(operation: number, count: number, bytes?: Uint8Array): Uint8Array {
    if (count > DATA_BYTES_MAX) {
      throw new RangeError(`found ${count} bytes, allowed are ${DATA_BYTES_MAX}`);
    }
    this.ask(operation, count, bytes);
    return attached().seat.answerBytes();
  }

  /** Calls back at each interrupt, with what TAKE answers. */
  listen(callback: (value: number) => void): void {
    const { listening, port } = attached();
    listening.set(this.#handle, callback);
    port.ref();
  }

  /** Closes it; a second time does nothing. */
  close(): void {
    if (this.#handle === 0) return;
    const { listening, port, seat } = attached();
    listening.delete(this.#handle);
    if (listening.size === 0) port.unref();
    seat.ask(CLOSE, this.#handle, 0);
    this.#handle = 0;
  }
}
