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

/** Address of a task's region; 0 for none: the main VM, or no stableBytes. */
function regionAt(index: number): number {
  const bytes = $words[L.HEAD_STABLE_BYTES];
  if (bytes === 0 || index === 0) return 0;
  return $words[L.HEAD_STABLE_AT] + (index - 1) * (L.STABLE_WORDS + 2 * copyWords(bytes));
}

function copyWords(bytes: number): number {
  return Math.ceil(bytes / L.WORD_BYTES);
}

/** Byte offset of the copy that counts after so many commits. */
function copyAtByte(region: number, count: number): number {
  const words = copyWords($words[L.HEAD_STABLE_BYTES]);
  return (region + L.STABLE_WORDS + (count & 1) * words) * L.WORD_BYTES;
}

/**
 * Commits the first `bytes` of `state`: this task, and after its death its successor, reads them
 * with stableRead. All or nothing, wherever the task dies. Does not block. Returns 0, or -EMSGSIZE
 * (more than limits.stableBytes, or on the main VM), -EFAULT, -EINVAL, -EOVERFLOW (bad buffer).
 */
export function stableCommit(state: Uint8Array | null, bytes: number): number {
  requireAttached();
  const error = bufferError(state, bytes);
  if (error !== 0) return error;
  const region = regionAt($vm.pid & L.PID_INDEX_MASK);
  if (region === 0 || bytes > $words[L.HEAD_STABLE_BYTES]) return -EMSGSIZE;
  const count = ($words[region + L.STABLE_LAST] >>> L.STABLE_LENGTH_BITS) + 1;
  copyIn(copyAtByte(region, count), state, 0, bytes);
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
  const region = regionAt($vm.pid & L.PID_INDEX_MASK);
  if (region === 0) return 0;
  const last = load($words, region + L.STABLE_LAST);
  const bytes = lengthIn(last);
  if (into === null) return bytes;
  const count = bytes < into.length ? bytes : into.length;
  $vm.port.copy(into, 0, $vm.bytes, copyAtByte(region, last >>> L.STABLE_LENGTH_BITS), count);
  return bytes;
}

/** Bytes that the task in this place has committed: 0 for none yet. For a watcher. */
export function stableBytesOf(index: number): number {
  const region = regionAt(index);
  return region === 0 ? 0 : lengthIn(load($words, region + L.STABLE_LAST));
}

/** Bytes of the last commit, and never more than there is room for. */
function lengthIn(last: number): number {
  const bytes = last & L.STABLE_LENGTH_MASK;
  return bytes < $words[L.HEAD_STABLE_BYTES] ? bytes : $words[L.HEAD_STABLE_BYTES];
}
