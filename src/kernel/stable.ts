/**
 * Stable state: a few bytes of a task that outlive its incarnations, until the board restarts.
 *
 * A task commits them whole. There are two copies: a commit writes the one that does not count, and
 * one store makes it count. So a task that dies at any point of a commit leaves the last one, and
 * its successor never sees half of the next. Writes the stable region of the own task.
 */
import { load, store } from "../arena/atomic.js";
import { bufferError, copyIn } from "./message/copy.js";
import { EMSGSIZE } from "./errno.js";
import * as L from "../arena/layout.js";
import { requireAttached } from "../arena/vm.js";

/** Address of a task's record in the index; 0 when all tasks have as much. */
function recordAt(index: number): number {
  const first = $words[L.HEAD_STABLE_INDEX_AT];
  return first === 0 ? 0 : first + (index - 1) * L.STABLE_INDEX_WORDS;
}

/** Bytes that a task may commit: 0 for the main VM. */
function roomOf(index: number): number {
  if (index === 0) return 0;
  const record = recordAt(index);
  return record === 0 ? $words[L.HEAD_STABLE_BYTES] : $words[record + L.STABLE_INDEX_BYTES];
}

/** Address of the region of a task that has one. */
function regionAt(index: number, room: number): number {
  const record = recordAt(index);
  if (record !== 0) return $words[record + L.STABLE_INDEX_AT];
  return $words[L.HEAD_STABLE_AT] + (index - 1) * (L.STABLE_WORDS + 2 * copyWords(room));
}

function copyWords(bytes: number): number {
  return Math.ceil(bytes / L.WORD_BYTES);
}

/** Byte offset of the copy that counts after so many commits. */
function copyAtByte(region: number, room: number, count: number): number {
  return (region + L.STABLE_WORDS + (count & 1) * copyWords(room)) * L.WORD_BYTES;
}

/** Bytes that this task may commit. Does not block. */
export function stableRoom(): number {
  return roomOf($vm.pid & L.PID_INDEX_MASK);
}

/**
 * Commits the first `bytes` of `state`: this task, and after its death its successor, reads them
 * with stableRead. All or nothing, wherever the task dies. Does not block. Returns 0, or -EMSGSIZE
 * (more than the task's stableBytes, or on the main VM), -EFAULT, -EINVAL, -EOVERFLOW (bad buffer).
 */
export function stableCommit(state: Uint8Array | null, bytes: number): number {
  requireAttached();
  const error = bufferError(state, bytes);
  if (error !== 0) return error;
  const index = $vm.pid & L.PID_INDEX_MASK;
  const room = roomOf(index);
  if (room === 0 || bytes > room) return -EMSGSIZE;
  const region = regionAt(index, room);
  const count = ($words[region + L.STABLE_LAST] >>> L.STABLE_LENGTH_BITS) + 1;
  copyIn(copyAtByte(region, room, count), state, 0, bytes);
  store($words, region + L.STABLE_LAST, (count << L.STABLE_LENGTH_BITS) | bytes);
  return 0;
}

/**
 * Reads what was committed last, by this incarnation or one before it, into `into`: as much as
 * there is room for (null: none). Does not block. Returns how many bytes were committed, 0 for none
 * yet; or -EFAULT.
 */
export function stableRead(into: Uint8Array | null): number {
  requireAttached();
  const error = bufferError(into, 0);
  if (error !== 0) return error;
  const index = $vm.pid & L.PID_INDEX_MASK;
  const room = roomOf(index);
  if (room === 0) return 0;
  const region = regionAt(index, room);
  const last = load($words, region + L.STABLE_LAST);
  const bytes = lengthIn(last, room);
  if (into === null) return bytes;
  const count = bytes < into.length ? bytes : into.length;
  $vm.port.copy(into, 0, $vm.bytes, copyAtByte(region, room, last >>> L.STABLE_LENGTH_BITS), count);
  return bytes;
}

/** Bytes that the task in this place has committed: 0 for none yet. For a watcher. */
export function stableBytesOf(index: number): number {
  const room = roomOf(index);
  return room === 0 ? 0 : lengthIn(load($words, regionAt(index, room) + L.STABLE_LAST), room);
}

/** Most times that stableOf() begins again because another commit has come. */
const TRIES_MAX = 1_000;

/**
 * A copy of what the task in this place has committed, of length 0 for nothing yet; null when it
 * commits again and again, faster than it can be read. For a watcher: makes a new array.
 */
export function stableOf(index: number): Uint8Array | null {
  const room = roomOf(index);
  if (room === 0) return new Uint8Array(0);
  const region = regionAt(index, room);
  for (let i = 0; i < TRIES_MAX; i++) {
    const last = load($words, region + L.STABLE_LAST);
    const from = copyAtByte(region, room, last >>> L.STABLE_LENGTH_BITS);
    const copy = $vm.bytes.slice(from, from + lengthIn(last, room));
    // The task writes into this copy again only after another commit has counted.
    if (load($words, region + L.STABLE_LAST) === last) return copy;
  }
  return null;
}

/** Bytes of the last commit, and never more than there is room for. */
function lengthIn(last: number, room: number): number {
  const bytes = last & L.STABLE_LENGTH_MASK;
  return bytes < room ? bytes : room;
}
