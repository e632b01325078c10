/**
 * Requests to the manager, as bytes: an operation, its flags, numbers, texts. The answer is one
 * number, the status of the reply.
 *
 *   operation (4) | flags (4) | numbers (4 each) | texts, with a 0 between two
 *
 * All numbers are 32 bits, lowest byte first. How many numbers and texts there are says the
 * operation itself: serial << 8 | numbers << 4 | texts. Texts are printable ASCII. A request that
 * is longer than a message is sent in parts:
 *
 *   OP_PART (4) | where it goes (4) | bytes of the whole (4) | what there is room for
 */
import { EINVAL } from "../kernel/errno.js";

/** What an argument of a call is. */
/** A board: 0 or null for this one, by its number or its name. Not in the request. */
export const NODE = 0;
/** A whole number of 32 bits. */
export const NUMBER = 1;
/** A whole number from 0 on, of up to 53 bits: two numbers. */
export const WIDE = 2;
/** Printable ASCII. */
export const TEXT = 3;
/** The flags of the request; 0 in one that has none. */
export const FLAGS = 4;
/** QNX has it, and it means nothing here. */
export const UNUSED = 5;
/** QNX keeps it for later: it must be null. */
export const RESERVED = 6;

/** A kind of request: its number, and the arguments of the call that makes it. */
export interface Operation {
  readonly op: number;
  readonly params: readonly number[];
}

const SERIAL_SHIFT = 8;
const NUMBERS_SHIFT = 4;
const COUNT_MASK = 15;
const WORD_BYTES = 4;
const HEADER_BYTES = 8;
/** Bytes of a part before its piece of the request. */
export const PART_HEADER_BYTES = 12;
const WORD_RANGE = 0x1_0000_0000;
const SEPARATOR = 0;
const CHARACTER_MIN = 0x20;
const CHARACTER_MAX = 0x7e;

/** The longest request: a path as long as QNX allows, and a line of three times its length. */
export const REQUEST_BYTES_MAX = 1_024;

/** The operation with this serial number, for a call with these parameters. At build time. */
export function operation(serial: number, params: readonly number[]): Operation {
  let numbers = 0;
  let texts = 0;
  for (const param of params) {
    if (param === NUMBER) numbers++;
    else if (param === WIDE) numbers += 2;
    else if (param === TEXT) texts++;
  }
  const op = (serial << SERIAL_SHIFT) | (numbers << NUMBERS_SHIFT) | texts;
  return Object.freeze({ op, params: Object.freeze(params.slice()) });
}

/** Of an operation: its row in the table of those who answer it. */
export function serialOf(op: number): number {
  return op >>> SERIAL_SHIFT;
}

// Serials from 1 to 15 are the manager's own; the others are its extension's.

/** The first serial of an extension. */
export const EXTENSION_SERIAL = 16;
/** Start the task that is declared for a service. */
export const START_SERVICE: Operation = /* @__PURE__ */ operation(1, [TEXT]);
/** A piece of a request. */
export const OP_PART = 2 << SERIAL_SHIFT;

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

/** The number of an argument of the kind WIDE, from its two words. */
export function wideOf(high: number, low: number): number {
  return (high >>> 0) * WORD_RANGE + (low >>> 0);
}

function isWord(value: unknown): value is number {
  return typeof value === "number" && (value >> 0 === value || value >>> 0 === value);
}

/** True for a string of printable ASCII; it may be empty. */
export function isText(text: unknown): text is string {
  if (typeof text !== "string") return false;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character < CHARACTER_MIN || character > CHARACTER_MAX) return false;
  }
  return true;
}

/** Bytes of one argument in a request; -EINVAL when it is not of its kind. */
function argumentBytes(kind: number, value: unknown): number {
  if (kind === NUMBER) return isWord(value) ? WORD_BYTES : -EINVAL;
  if (kind === TEXT) return isText(value) ? value.length : -EINVAL;
  if (kind === FLAGS) return isWord(value) ? 0 : -EINVAL;
  if (kind === RESERVED) return value === null ? 0 : -EINVAL;
  if (kind !== WIDE) return 0;
  return Number.isSafeInteger(value) && (value as number) >= 0 ? 2 * WORD_BYTES : -EINVAL;
}

/** Bytes of the request that a call with these arguments makes; -EINVAL for a wrong one. */
export function requestBytes({ op, params }: Operation, args: readonly unknown[]): number {
  const texts = op & COUNT_MASK;
  let count = HEADER_BYTES + (texts > 0 ? texts - 1 : 0);
  for (let i = 0; i < params.length; i++) {
    const bytes = argumentBytes(params[i], args[i]);
    if (bytes < 0) return bytes;
    count += bytes;
  }
  return count;
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  for (let i = 0; i < WORD_BYTES; i++) bytes[at + i] = word >>> (8 * i);
}

/** The word at a byte of a request. */
export function readWord(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

function writeText(bytes: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/** Writes the request of a call: requestBytes() has found its arguments right, and the room. */
export function writeRequest(
  into: Uint8Array,
  { op, params }: Operation,
  args: readonly unknown[],
): void {
  writeWord(into, 0, op);
  writeWord(into, WORD_BYTES, 0);
  let numberAt = HEADER_BYTES;
  let textAt = HEADER_BYTES + ((op >> NUMBERS_SHIFT) & COUNT_MASK) * WORD_BYTES;
  let texts = 0;
  for (let i = 0; i < params.length; i++) {
    const kind = params[i];
    const value = args[i] as number;
    if (kind === FLAGS) {
      writeWord(into, WORD_BYTES, value);
    } else if (kind === NUMBER) {
      writeWord(into, numberAt, value);
      numberAt += WORD_BYTES;
    } else if (kind === WIDE) {
      writeWord(into, numberAt, Math.floor(value / WORD_RANGE));
      writeWord(into, numberAt + WORD_BYTES, value % WORD_RANGE);
      numberAt += 2 * WORD_BYTES;
    } else if (kind === TEXT) {
      if (texts++ > 0) into[textAt++] = SEPARATOR;
      textAt = writeText(into, textAt, args[i] as string);
    }
  }
}

/** Writes the head of a part: `total` bytes are to come, this piece belongs at `offset`. */
export function writePartHead(into: Uint8Array, offset: number, total: number): void {
  writeWord(into, 0, OP_PART);
  writeWord(into, WORD_BYTES, offset);
  writeWord(into, HEADER_BYTES, total);
}

/**
 * Reads a request of `count` bytes that anybody may have sent. False for what is none. Whether the
 * operation exists, and what the numbers may be, is for its reader to say.
 */
export function decode(bytes: Uint8Array, count: number, into: Request): boolean {
  if (count < HEADER_BYTES) return false;
  into.op = readWord(bytes, 0);
  into.flags = readWord(bytes, WORD_BYTES);
  const numbers = (into.op >> NUMBERS_SHIFT) & COUNT_MASK;
  const textsAt = HEADER_BYTES + numbers * WORD_BYTES;
  if (count < textsAt) return false;
  for (let i = 0; i < numbers; i++) {
    into.numbers[i] = readWord(bytes, HEADER_BYTES + i * WORD_BYTES);
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
