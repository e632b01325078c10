/**
 * Shared buffers: memory of the arena for messages longer than messageBytes, passed without a copy.
 *
 * The system reserves `sharedBuffers` of `sharedBytes` each at boot. A task acquires one, fills its
 * view and sends that view; while the client is REPLY-blocked the server may read and write the
 * same view. Writes the owner word of each buffer (compare-exchange; freed by death).
 */
import { isUint32 } from "../argument.js";
import { cas, load } from "../../arena/atomic.js";
import { EAGAIN, EBUSY, EINVAL, ESRCH } from "../errno.js";
import * as L from "../../arena/layout.js";
import { receivedFrom } from "./rcvid.js";
import { requireAttached } from "../../arena/vm.js";
import { pidAt } from "../task/task.js";
import { sharedOwnerAt } from "../task/claim.js";

/**
 * Acquires a shared buffer. Returns its index, or -EAGAIN when all are in use (or the system has
 * none: limits.sharedBuffers). Does not block; the buffer is freed when the task dies.
 */
export function sharedAcquire(): number {
  requireAttached();
  for (let i = 0; i < $words[L.HEAD_SHARED_BUFFERS]; i++) {
    if (load($words, sharedOwnerAt(i)) !== 0) continue;
    if (cas($words, sharedOwnerAt(i), 0, $vm.pid) === 0) return i;
  }
  return -EAGAIN;
}

/**
 * Gives a shared buffer back. Returns 0, or -EINVAL when it is not this task's, or -EBUSY when it
 * is in a sendAsync that is under way: its server may be writing into it. Does not block.
 */
export function sharedRelease(index: number): number {
  requireAttached();
  if (!isBuffer(index)) return -EINVAL;
  const { done, smsg, rmsg } = $vm.outbox;
  const view = $vm.sharedViews[index];
  if (done !== null && (smsg === view || rmsg === view)) return -EBUSY;
  return cas($words, sharedOwnerAt(index), $vm.pid, 0) === $vm.pid ? 0 : -EINVAL;
}

/**
 * The bytes of a shared buffer, always the same array; null for no such index. Use it while the
 * buffer is yours, or while you hold the message that it carries. A server that writes into the
 * view, and not with MsgWrite or MsgReply, learns only afterwards that its client has died: by then
 * the buffer may be another's.
 */
export function sharedView(index: number): Uint8Array | null {
  requireAttached();
  return isBuffer(index) ? ($vm.sharedViews[index] as Uint8Array) : null;
}

/**
 * The shared buffer that a received message lies in. Returns its index, or -ESRCH for a stale
 * rcvid, or -EINVAL when the message was short enough to be copied. Does not block.
 */
export function sharedMessage(rcvid: number): number {
  requireAttached();
  const task = receivedFrom(rcvid);
  if (task === 0) return -ESRCH;
  const sent = $words[task + L.SLOT_SENT];
  const at = $words[task + L.SLOT_SEND_AT];
  if (sent >>> 0 <= $words[L.HEAD_MESSAGE_BYTES] || !isSharedRange(task, at, sent)) return -EINVAL;
  return (at - $words[L.HEAD_SHARED_AT_BYTE]) / $words[L.HEAD_SHARED_STRIDE];
}

/** Byte offset of a shared buffer. */
export function bufferAt(index: number): number {
  return $words[L.HEAD_SHARED_AT_BYTE] + index * $words[L.HEAD_SHARED_STRIDE];
}

function isBuffer(index: number): boolean {
  return isUint32(index) && index < $words[L.HEAD_SHARED_BUFFERS];
}

/** Byte offset of the shared buffer of this task whose view `buffer` is, with room for `count`. */
export function sharedStart(buffer: Uint8Array | null, count: number): number {
  for (let i = 0; i < $vm.sharedViews.length; i++) {
    if ($vm.sharedViews[i] !== buffer || count > $words[L.HEAD_SHARED_BYTES]) continue;
    if (load($words, sharedOwnerAt(i)) === $vm.pid) {
      return bufferAt(i);
    }
  }
  return 0;
}

/**
 * True when `count` bytes at byte offset `at` are the beginning of a shared buffer of this task:
 * its slot must not send a server into a buffer of somebody else.
 */
export function isSharedRange(task: number, at: number, count: number): boolean {
  const index = (at - $words[L.HEAD_SHARED_AT_BYTE]) / $words[L.HEAD_SHARED_STRIDE];
  return (
    isBuffer(index) &&
    count >>> 0 <= $words[L.HEAD_SHARED_BYTES] &&
    load($words, sharedOwnerAt(index)) === pidAt(task)
  );
}
