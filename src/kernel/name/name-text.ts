/**
 * Names as words: the length in bytes, then the characters, a byte each; as a name record holds it.
 *
 * On XS a string's length and its characters cannot be read without allocating, but a Map finds a
 * string without. So a VM converts each name once and keeps it.
 */
import { EINVAL, ENAMETOOLONG } from "../errno.js";
import * as L from "../../arena/layout.js";

/** What the name of a service on another board begins with; its board and its name follow. */
const REMOTE = "/net/";
const SLASH = 0x2f;
const DOT = 0x2e;
/** A name's characters must fit a byte: printable ASCII. */
const CHARACTER_MIN = 0x21;
const CHARACTER_MAX = 0x7e;

/** The words of a usable name; null for another: nameError() says why. */
export function nameText(name: string): Int32Array | null {
  const names = $vm.names ?? createNames();
  const known = names.get(name);
  if (known !== undefined) return known;
  if (nameError(name) !== 0) return null;
  // No more names than this can be registered at a time. A task that goes through many more than
  // exist converts them again.
  if (names.size >= $words[L.HEAD_NAMES]) names.clear();
  const text = convert(name);
  names.set(name, text);
  return text;
}

function createNames(): Map<string, Int32Array> {
  return ($vm.names = new Map());
}

function convert(name: string): Int32Array {
  const text = new Int32Array(1 + Math.ceil(name.length / L.WORD_BYTES));
  const characters = new Uint8Array(text.buffer, L.WORD_BYTES);
  text[0] = name.length;
  for (let i = 0; i < name.length; i++) characters[i] = name.charCodeAt(i);
  return text;
}

/** 0 for a usable name, else -EINVAL or -ENAMETOOLONG. */
export function nameError(name: string): number {
  if (typeof name !== "string" || name.length === 0) return -EINVAL;
  if (name.length > L.NAME_BYTES_MAX) return -ENAMETOOLONG;
  let before = 0;
  for (let i = 0; i < name.length; i++) {
    const character = name.charCodeAt(i);
    if (character < CHARACTER_MIN || character > CHARACTER_MAX) return -EINVAL;
    if (character === DOT && before === DOT) return -EINVAL;
    before = character;
  }
  return name.charCodeAt(0) !== SLASH || isPath(name) ? 0 : -EINVAL;
}

/** The name under which a service of another board is found. */
export function remoteName(board: string, service: string): string {
  return `${REMOTE}${board}/${service}`;
}

/** Is it "/net/<board>/<service>"? */
function isPath(name: string): boolean {
  if (!name.startsWith(REMOTE)) return false;
  const slash = name.indexOf("/", REMOTE.length);
  return slash > REMOTE.length && slash < name.length - 1;
}

/** Is it the name of a service on another board? */
export function isRemote(text: Int32Array): boolean {
  return (text[1]! & 0xff) === SLASH;
}
