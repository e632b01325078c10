/**
 * "pins/i2c" of Moddable: what is written may be numbers, texts and arrays; a read that nobody
 * answers is undefined. No pin is owned.
 */
import { READ, WRITE } from "../wire/operations.js";
import { bytesOf } from "../task/arguments.js";
import { type Options, Peripheral } from "../task/client.js";

/** Of one read or write. */
const BYTES_MAX = 40;

/** One argument of write(), as bytes. */
function partOf(part: unknown): readonly number[] {
  if (typeof part === "number") return [part & 0xff];
  if (typeof part === "string") return [...new TextEncoder().encode(part)];
  if (part instanceof ArrayBuffer) return [...bytesOf(part)];
  return Array.from(part as ArrayLike<number>, (item) => Number(item) & 0xff);
}

export class I2C {
  readonly #device: Peripheral;
  readonly #throws: boolean;

  constructor({ sda, scl, address, hz, timeout, throw: throws = true }: Options) {
    const options = { data: sda, clock: scl, address, hz: hz ?? 100_000, timeout, isShared: true };
    this.#device = new Peripheral("i2c", options);
    this.#throws = Boolean(throws);
  }

  /** The bytes, or undefined when the device does not answer. */
  read(count: number, buffer?: ArrayBuffer): Uint8Array | ArrayBuffer | undefined {
    if (count > BYTES_MAX) throw new Error(`${BYTES_MAX} byte read limit`);
    let bytes: Uint8Array;
    try {
      bytes = this.#device.askBytes(READ, count);
    } catch {
      // The interface's only way to say it.
      return undefined;
    }
    if (buffer === undefined) return bytes;
    if (buffer.byteLength < count) throw new Error("buffer too small");
    new Uint8Array(buffer).set(bytes);
    return buffer;
  }

  /** Writes all arguments; the last one may be a boolean, which says whether to stop. */
  write(...parts: unknown[]): Error | undefined {
    const isStop = typeof parts.at(-1) === "boolean";
    const bytes = (isStop ? parts.slice(0, -1) : parts).flatMap(partOf);
    if (bytes.length > BYTES_MAX) throw new Error(`${BYTES_MAX} byte write limit`);
    try {
      this.#device.ask(WRITE, 0, Uint8Array.from(bytes));
      return undefined;
    } catch (error) {
      if (this.#throws) throw error;
      return error as Error;
    }
  }

  close(): void {
    this.#device.close();
  }
}

export default I2C;
