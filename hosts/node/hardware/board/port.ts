/**
 * A serial port: bytes both ways, with the FIFO of an ESP32 towards the task. What is sent goes out
 * at once, and what comes in when nobody has it open, or when the FIFO is full, is lost.
 */
import { FIFO_BYTES } from "../wire/operations.js";
import type { SerialDevice } from "./description.js";
import type { Guard, Owner } from "./line.js";

export class Port {
  readonly number: number;
  owner: Owner | null = null;
  /** Called when something has arrived. */
  onArrival: (() => void) | null = null;
  /** Bytes that were lost. */
  lost = 0;
  readonly #description: SerialDevice;
  readonly #guard: Guard;
  readonly #random: () => number;
  #arrived: number[] = [];
  #isStuck = false;
  #isNoisy = false;

  constructor(number: number, description: SerialDevice, guard: Guard, random: () => number) {
    this.number = number;
    this.#description = description;
    this.#guard = guard;
    this.#random = random;
  }

  get readable(): number {
    return this.#arrived.length;
  }

  /** Opened anew: what was stuck works again. */
  reset(): void {
    this.#arrived = [];
    this.#isStuck = false;
  }

  /** Neither direction works, until the port is opened anew. */
  stick(): void {
    this.#isStuck = true;
  }

  /** The next bytes that arrive are others. */
  disturb(): void {
    this.#isNoisy = true;
  }

  /** The task reads. */
  take(most: number): Uint8Array {
    return Uint8Array.from(this.#arrived.splice(0, most));
  }

  /** The task writes. */
  transmit(bytes: Uint8Array): void {
    const { onReceive } = this.#description;
    if (this.#isStuck || onReceive === undefined) return;
    this.#guard(`serial[${this.number}].onReceive`, () => onReceive(bytes));
  }

  /** The device sends. */
  send(bytes: ArrayLike<number>): void {
    const isNoisy = this.#isNoisy;
    this.#isNoisy = false;
    const sent = Array.from(bytes, (byte) => {
      return isNoisy ? (byte ^ (1 + Math.floor(this.#random() * 255))) & 0xff : byte & 0xff;
    });
    const isDeaf = this.owner === null || this.#isStuck;
    const room = isDeaf ? 0 : FIFO_BYTES - this.#arrived.length;
    this.#arrived.push(...sent.slice(0, room));
    this.lost += Math.max(0, sent.length - room);
    if (!isDeaf) this.onArrival?.();
  }
}
