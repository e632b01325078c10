/**
 * Requests to the manager as a hostile task may make them: any operation with any numbers and
 * texts, whether they fit or not.
 */
import { OPERATIONS } from "../../../src/ham/protocol/operations.js";
import { OP_PART, START_SERVICE } from "../../../src/manager/request.js";

/** All operations that there are. */
export const OPS: readonly number[] = [
  START_SERVICE.op,
  OP_PART,
  ...Object.values(OPERATIONS).map(({ op }) => op),
];

/** Writes one; returns its bytes, or -1 when there is no room: then as much as there is. */
export function writeRaw(
  into: Uint8Array,
  op: number,
  flags: number,
  numbers: readonly number[],
  texts: readonly string[],
): number {
  const text = Uint8Array.from(texts.join("\0"), (character) => character.charCodeAt(0));
  const words = Int32Array.from([op, flags, ...numbers]);
  const whole = new Uint8Array(words.byteLength + text.length);
  whole.set(new Uint8Array(words.buffer));
  whole.set(text, words.byteLength);
  into.set(whole.subarray(0, into.length));
  return whole.length > into.length ? -1 : whole.length;
}
