/**
 * Text in a message: UTF-8 in a fixed number of bytes, with zeros behind it.
 *
 * Written in JavaScript, so that it is the same on all hosts: XS has neither TextEncoder nor
 * TextDecoder. Writing allocates nothing; reading makes the string. XS makes an object of a text to
 * get a property of it, be it its length; and XS 17 makes one of a function that is written in C to
 * get a property of that, be it `call`. So a text is only ever an argument of one bound function,
 * and ends where it has no unit.
 */
import { type Accessors, checkCount, type Scalar } from "./fields.js";

/** What stands for units and bytes that are no text: U+FFFD, as TextEncoder and TextDecoder do. */
const REPLACEMENT = 0xfffd;

const ASCII_END = 0x80;
const TWO_BYTES_END = 0x800;
const THREE_BYTES_END = 0x1_0000;
const SIX_BITS = 0x3f;

/** Of 0xd800 to 0xdbff, which begin a pair, and 0xdc00 to 0xdfff, which end one. */
const SURROGATE_KIND = 0xfc00;
const PAIR_BEGINS = 0xd800;
const PAIR_ENDS = 0xdc00;

/** A UTF-16 unit of a text; NaN behind its end. */
const unitAt: (value: string, i: number) => number = Function.prototype.call.bind(
  String.prototype.charCodeAt,
);

/** The code point that begins at unit `i`, NaN at the end; that of half a pair alone is U+FFFD. */
function codePointAt(value: string, i: number): number {
  const unit = unitAt(value, i);
  const kind = unit & SURROGATE_KIND;
  if (kind !== PAIR_BEGINS && kind !== PAIR_ENDS) return unit;
  const next = unitAt(value, i + 1);
  if (kind === PAIR_ENDS || (next & SURROGATE_KIND) !== PAIR_ENDS) return REPLACEMENT;
  return THREE_BYTES_END + ((unit - PAIR_BEGINS) << 10) + (next - PAIR_ENDS);
}

function bytesOf(code: number): number {
  if (code < ASCII_END) return 1;
  if (code < TWO_BYTES_END) return 2;
  return code < THREE_BYTES_END ? 3 : 4;
}

/**
 * How many bytes a text takes in UTF-8: to ask before it is written to a field that may be too
 * small. Allocates nothing.
 */
export function textBytes(value: string): number {
  let bytes = 0;
  let code = codePointAt(value, 0);
  for (let i = 0; code >= 0; code = codePointAt(value, i)) {
    const count = bytesOf(code);
    bytes += count;
    i += count === 4 ? 2 : 1;
  }
  return bytes;
}

/** Writes a text, or changes nothing and throws. */
function putText(view: DataView, start: number, room: number, value: string): void {
  if (typeof value !== "string") throw new TypeError(`text(${room}): found ${typeof value}`);
  const bytes = textBytes(value);
  if (bytes > room) throw new RangeError(`text(${room}): found a text of ${bytes} bytes`);
  let at = start;
  let code = codePointAt(value, 0);
  for (let i = 0; code >= 0; code = codePointAt(value, i)) {
    const count = bytesOf(code);
    let shift = 6 * (count - 1);
    // Of several bytes the first has as many leading ones.
    const leading = count === 1 ? 0 : (0xf00 >> count) & 0xff;
    view.setUint8(at++, leading | (code >> shift));
    while (shift > 0) {
      shift -= 6;
      view.setUint8(at++, ASCII_END | ((code >> shift) & SIX_BITS));
    }
    i += count === 4 ? 2 : 1;
  }
  while (at < start + room) view.setUint8(at++, 0);
}

/** How many bytes follow the first one of a character; -1 when none begins with it. */
function following(first: number): number {
  if (first < ASCII_END) return 0;
  if (first < 0xc2 || first > 0xf4) return -1;
  if (first < 0xe0) return 1;
  return first < 0xf0 ? 2 : 3;
}

/** Reads up to the first zero. What is no UTF-8, which only a stranger sends, is U+FFFD each. */
function getText(view: DataView, start: number, room: number): string {
  const end = start + room;
  let value = "";
  let at = start;
  while (at < end) {
    const first = view.getUint8(at++);
    if (first === 0) break;
    const count = following(first);
    let code = count < 1 ? first : first & (SIX_BITS >> count);
    let left = count;
    while (left > 0 && at < end && (view.getUint8(at) & 0xc0) === ASCII_END) {
      code = (code << 6) | (view.getUint8(at++) & SIX_BITS);
      left--;
    }
    value += isCharacter(code, count, left)
      ? String.fromCodePoint(code)
      : String.fromCharCode(REPLACEMENT);
  }
  return value;
}

/** Is this a code point, written in as few bytes as it takes, with none missing? */
function isCharacter(code: number, count: number, left: number): boolean {
  if (left !== 0 || bytesOf(code) !== count + 1 || code > 0x10_ffff) return false;
  return code < PAIR_BEGINS || code > 0xdfff;
}

/**
 * A text of up to `room` bytes in UTF-8. It ends at the first U+0000. Reading makes a string, so it
 * allocates; writing does not. Writing one that is too long throws a RangeError and changes
 * nothing: see textBytes. What is no string throws a TypeError.
 */
export function text(room: number): Scalar<string> {
  checkCount("text", room);
  return Object.freeze({
    shape: `text(${room})`,
    bytes: room,
    align: 1,
    accessors(n: number): Accessors {
      const at = n;
      const most = room;
      return {
        get(this: DataView) {
          return getText(this, at, most);
        },
        set(this: DataView, value: string) {
          putText(this, at, most, value);
        },
      };
    },
  });
}
