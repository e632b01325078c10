/**
 * Requests to the manager, as bytes: an operation, its flags, numbers, texts. The answer is one
 * number, the status of the reply.
 *
 *   operation (4) | flags (4) | numbers (4 each) | texts, with a 0 between two
 *
 * All numbers are 32 bits, lowest byte first. How many numbers and texts there are says the
 * operation itself: serial << 8 | numbers << 4 | texts. Texts are printable ASCII
 * (entity-names.ts).
 */
import { EINVAL, EMSGSIZE } from "../../kernel/errno.js";
import { isText } from "./entity-names.js";

export const OP_ATTACH = 0x0112;
export const OP_ATTACH_SELF = 0x0241;
export const OP_DETACH = 0x0310;
export const OP_DETACH_SELF = 0x0410;
export const OP_DETACH_NAME = 0x0501;
export const OP_ENTITY = 0x0601;
export const OP_ENTITY_HANDLE = 0x0701;
export const OP_CONDITION_HANDLE = 0x0802;
export const OP_ACTION_HANDLE = 0x0903;
export const OP_CONDITION = 0x0a21;
export const OP_CONDITION_STATE = 0x0b31;
export const OP_CONDITION_RAISE = 0x0c41;
export const OP_CONDITION_REMOVE = 0x0d10;
export const OP_ACTION_RESTART = 0x0e12;
export const OP_ACTION_EXECUTE = 0x0f12;
export const OP_ACTION_WAITFOR = 0x1022;
export const OP_ACTION_PULSE = 0x1161;
export const OP_ACTION_SIGNAL = 0x1231;
export const OP_ACTION_HEALTHY = 0x1311;
export const OP_ACTION_LOG = 0x1432;
export const OP_ACTION_REMOVE = 0x1510;
export const OP_FAIL_EXECUTE = 0x1612;
export const OP_FAIL_WAITFOR = 0x1722;
export const OP_FAIL_PULSE = 0x1861;
export const OP_FAIL_SIGNAL = 0x1931;
export const OP_FAIL_LOG = 0x1a32;
export const OP_FAIL_REMOVE = 0x1b11;
export const OP_REPORT_STATE = 0x1c20;
export const OP_RAISE = 0x1d40;
export const OP_CONTROL_ENTITY = 0x1e20;
export const OP_CONTROL_CONDITION = 0x1f20;
export const OP_CONTROL_ACTION = 0x2020;
export const OP_VERBOSE = 0x2120;
export const OP_STOP = 0x2200;
export const OP_HEARTBEAT_CONTROL = 0x2310;
export const OP_START_SERVICE = 0x2401;

const NUMBERS_SHIFT = 4;
const COUNT_MASK = 15;
const HEADER_BYTES = 8;
const NUMBER_BYTES = 4;
const WORD_RANGE = 0x1_0000_0000;
const SEPARATOR = 0;

/** A request, decoded. Made once and filled again and again. */
export interface Request {
  op: number;
  flags: number;
  /** As many as the operation has; what follows is of an earlier one. */
  readonly numbers: number[];
  readonly texts: string[];
}

export function createRequest(): Request {
  return { op: 0, flags: 0, numbers: [], texts: [] };
}

/** Two numbers for a whole number from 0 on; NaN, which encode() refuses, else. */
export function highOf(wide: number): number {
  return Number.isSafeInteger(wide) && wide >= 0 ? Math.floor(wide / WORD_RANGE) : NaN;
}
export function lowOf(wide: number): number {
  return Number.isSafeInteger(wide) && wide >= 0 ? wide % WORD_RANGE : NaN;
}
export function wideOf(high: number, low: number): number {
  return (high >>> 0) * WORD_RANGE + (low >>> 0);
}

function isWord(number: unknown): number is number {
  return typeof number === "number" && (number >> 0 === number || number >>> 0 === number);
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  for (let i = 0; i < NUMBER_BYTES; i++) bytes[at + i] = word >>> (8 * i);
}

function readWord(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

function textBytes(texts: readonly string[]): number {
  let count = texts.length > 0 ? texts.length - 1 : 0;
  for (const text of texts) {
    if (!isText(text)) return -EINVAL;
    count += text.length;
  }
  return count;
}

/**
 * Writes a request. Returns its bytes; or -EINVAL for what is no 32-bit number or no text, or
 * -EMSGSIZE when it does not fit into `into`.
 */
export function encode(
  into: Uint8Array,
  op: number,
  flags: number,
  numbers: readonly number[],
  texts: readonly string[],
): number {
  if (!isWord(flags) || !numbers.every(isWord)) return -EINVAL;
  const count = textBytes(texts);
  if (count < 0) return count;
  let at = HEADER_BYTES + numbers.length * NUMBER_BYTES;
  if (at + count > into.length) return -EMSGSIZE;
  writeWord(into, 0, op);
  writeWord(into, NUMBER_BYTES, flags);
  numbers.forEach((number, i) => writeWord(into, HEADER_BYTES + i * NUMBER_BYTES, number));
  texts.forEach((text, i) => {
    if (i > 0) into[at++] = SEPARATOR;
    for (let j = 0; j < text.length; j++) into[at++] = text.charCodeAt(j);
  });
  return at;
}

/**
 * Reads a request of `count` bytes that anybody may have sent. False for what is none. Whether the
 * operation exists, and what the numbers may be, is for its reader to say.
 */
export function decode(bytes: Uint8Array, count: number, into: Request): boolean {
  if (count < HEADER_BYTES) return false;
  into.op = readWord(bytes, 0);
  into.flags = readWord(bytes, NUMBER_BYTES);
  const numbers = (into.op >> NUMBERS_SHIFT) & COUNT_MASK;
  const textsAt = HEADER_BYTES + numbers * NUMBER_BYTES;
  if (count < textsAt) return false;
  for (let i = 0; i < numbers; i++) {
    into.numbers[i] = readWord(bytes, HEADER_BYTES + i * NUMBER_BYTES);
  }
  return readTexts(bytes, textsAt, count, into.op & COUNT_MASK, into.texts);
}

/** Exactly as many texts as there are to be, up to the end. */
function readTexts(
  bytes: Uint8Array,
  start: number,
  end: number,
  count: number,
  texts: string[],
): boolean {
  if (count === 0) return start === end;
  let text = "";
  let index = 0;
  for (let at = start; at <= end; at++) {
    if (at === end || bytes[at] === SEPARATOR) {
      if (index === count || !isText(text)) return false;
      texts[index++] = text;
      text = "";
    } else {
      text += String.fromCharCode(bytes[at]);
    }
  }
  return index === count;
}
