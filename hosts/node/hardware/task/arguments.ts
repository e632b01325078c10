/**
 * Arguments of the calls of ECMA-419 and of Moddable's pins, checked as on a device.
 */
import type { Options } from "./client.js";

/** The bytes of a buffer, not copied. Throws a TypeError for anything else. */
export function bytesOf(buffer: unknown): Uint8Array {
  if (buffer instanceof ArrayBuffer || buffer instanceof SharedArrayBuffer) {
    return new Uint8Array(buffer);
  }
  const isBytes =
    buffer instanceof DataView ||
    (ArrayBuffer.isView(buffer) && (buffer as Uint8Array).BYTES_PER_ELEMENT === 1);
  if (!isBytes) throw new TypeError("it is no buffer of bytes");
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/**
 * The first argument of read(): so many bytes into a new ArrayBuffer, which is the result, or as
 * many as fit into a buffer, whose count is the result.
 */
export function readInto(
  target: unknown,
  read: (count: number) => Uint8Array,
): ArrayBuffer | number {
  if (typeof target !== "object" || target === null) {
    const count = Number(target);
    if (!Number.isInteger(count) || count < 0) throw new RangeError("invalid count");
    return read(count).slice().buffer as ArrayBuffer;
  }
  const buffer = bytesOf(target);
  const bytes = read(buffer.length);
  buffer.set(bytes);
  return bytes.length;
}

/** Only these formats are there. Throws a RangeError for another. */
export function checkFormat(format: unknown, allowed: readonly string[]): void {
  if (format === undefined || allowed.includes(String(format))) return;
  throw new RangeError("invalid format");
}

/** A callback, or undefined. Throws for what is none. */
export function callbackOf<T>(options: Options, name: string): T | undefined {
  const callback = options[name];
  if (callback === undefined || callback === null) return undefined;
  if (typeof callback !== "function") throw new Error("not a function");
  return callback as T;
}

/** Takes over `target`, which ECMA-419 has for the application's own use. */
export function setTarget(instance: object, options: Options): void {
  if (!("target" in options)) return;
  (instance as { target?: unknown }).target = options["target"];
}
