/**
 * Answering, and moving bytes to and from a client that waits for its answer.
 *
 * Whoever writes into a client's buffers claims the slot first (REPLY -> CLAIMED), so that the
 * client's timeout and its death wait for the end of the writing; whoever reads looks again at the
 * sequence afterwards. Writes SLOT_STATUS, SLOT_WRITTEN and the client's reply buffer, all inside a
 * claim.
 */
import { isInt32, isRecord, isUint32 } from "../argument.js";
import { channelIn } from "../../arena/address.js";
import { load } from "../../arena/atomic.js";
import { bufferError, copyIn, copyOut, gathered, iovBytes, scatter } from "./copy.js";
import { EFAULT, EINTR, EINVAL, EMSGSIZE, EOK, ERRNO_LIMIT, ESRCH, ETIMEDOUT } from "../errno.js";
import * as L from "../../arena/layout.js";
import { receivedFrom, replyState } from "./rcvid.js";
import { messageAt } from "./receive.js";
import { receivedBytes } from "./partial.js";
import { fillInfo } from "./transfer.js";
import type { Iov, MessageInfo } from "../../arena/records.js";
import { bufferAt, isSharedRange } from "./shared-buffer.js";
import { requireAttached, sendBufferAt } from "../../arena/vm.js";
import { claim, endClaim } from "../task/claim.js";
import { takePriority } from "../channel/priority.js";
import { traceAnswer, traceReply } from "../trace/points.js";

/**
 * Answers a message: the client's MsgSend returns `status` (0 or more) with up to `bytes` of `msg`,
 * as much as it has room for. Does not block.
 *
 * Returns 0, or -EINVAL (negative status: use MsgError), -EFAULT, -EOVERFLOW (bad buffer; the
 * client goes on waiting), -EMSGSIZE (more than messageBytes and the client's room is no shared
 * buffer; it goes on waiting), -ESRCH (the client no longer waits for this message).
 */
export function MsgReply(
  rcvid: number,
  status: number,
  msg: Uint8Array | null,
  bytes: number,
): number {
  if (!isInt32(status) || status < 0) return -EINVAL;
  const error = bufferError(msg, bytes);
  if (error !== 0) return error;
  return answer(rcvid, status, msg, null, bytes);
}

/** MsgReply from scattered buffers. */
export function MsgReplyv(
  rcvid: number,
  status: number,
  riov: readonly Iov[] | null,
  rparts: number,
): number {
  if (!isInt32(status) || status < 0) return -EINVAL;
  const count = iovBytes(riov, rparts);
  if (count < 0) return count;
  return answer(rcvid, status, null, riov, count);
}

/**
 * Ends a client's call with -errno and without data; EOK makes it 0, ERESTART makes the client send
 * again, and -1 gives a client that asked to be unblocked the error it would have got (ETIMEDOUT).
 * Returns 0, or -EINVAL (no errno), -ESRCH. Does not block.
 */
export function MsgError(rcvid: number, errno: number): number {
  let status: number;
  if (errno === -1) {
    const task = client(rcvid);
    if (task === 0) return -ESRCH;
    const asked = (load($words, task + L.SLOT_FLAGS) & L.SLOT_FLAG_UNBLOCK) !== 0;
    status = asked ? -ETIMEDOUT : -EINTR;
  } else {
    if (!isInt32(errno) || errno < EOK || errno >= ERRNO_LIMIT) return -EINVAL;
    status = -errno;
  }
  return answer(rcvid, status, null, null, 0);
}

function answer(
  rcvid: number,
  status: number,
  msg: Uint8Array | null,
  riov: readonly Iov[] | null,
  bytes: number,
): number {
  const task = client(rcvid);
  if (task === 0) return -ESRCH;
  const room = $words[task + L.SLOT_ROOM] >>> 0;
  const count = bytes < room ? bytes : room;
  const at = roomAt(task, count);
  if (at < 0) return at;
  const whole = riov === null ? msg : gathered(riov, count);
  traceAnswer(task);
  return finish(task, replyState(rcvid), status, at, whole, count);
}

/** Ends a client's call. 0, or -ESRCH when the client no longer waits in exactly this state. */
function finish(
  task: number,
  waiting: number,
  status: number,
  at: number,
  msg: Uint8Array | null,
  count: number,
): number {
  if (!claim(task, waiting)) return -ESRCH;
  // Point of no return: the claim is ours, nobody else ends this message. No code of the caller
  // runs until it has ended.
  traceReply(task, status, count);
  writeReply(task, at, msg, 0, count);
  $words[task + L.SLOT_STATUS] = status;
  endClaim(task, waiting, L.SLOT_DONE);
  return 0;
}

/** Address of the client that waits for this reply, 0 for none. */
function client(rcvid: number): number {
  requireAttached();
  return receivedFrom(rcvid);
}

/** Byte offset of the client's room when it holds `count` bytes; else -EMSGSIZE. */
function roomAt(task: number, count: number): number {
  const shared = $words[task + L.SLOT_REPLY_AT];
  if (shared !== 0) return isSharedRange(task, shared, count) ? shared : -EMSGSIZE;
  return count <= $words[L.HEAD_MESSAGE_BYTES]
    ? sendBufferAt(task) + $words[L.HEAD_BUFFER_STRIDE]
    : -EMSGSIZE;
}

function writeReply(
  task: number,
  at: number,
  msg: Uint8Array | null,
  offset: number,
  count: number,
): void {
  if (!isInPlace(msg, at + offset)) copyIn(at + offset, msg, 0, count);
  const end = offset + count;
  if (end > $words[task + L.SLOT_WRITTEN]) $words[task + L.SLOT_WRITTEN] = end;
}

/** True when the bytes are the shared buffer itself, so that there is nothing to copy. */
function isInPlace(msg: Uint8Array | null, at: number): boolean {
  const { sharedViews } = $vm;
  for (let i = 0; i < sharedViews.length; i++) {
    // Not its byteOffset: that could be the caller's own property, and this is inside a claim.
    if (sharedViews[i] === msg) return bufferAt(i) === at;
  }
  return false;
}

/**
 * Copies from the client's message at `offset` into `msg`, up to `bytes`. The client goes on
 * waiting. Returns the bytes copied (0 past the end of the message), or -EFAULT, -EINVAL,
 * -EOVERFLOW (bad buffer or offset), -ESRCH (the client no longer waits; what was copied is void).
 */
export function MsgRead(
  rcvid: number,
  msg: Uint8Array | null,
  bytes: number,
  offset: number,
): number {
  const error = bufferError(msg, bytes);
  if (error !== 0) return error;
  return readMessage(rcvid, msg, null, bytes, offset);
}

/** MsgRead into scattered buffers. */
export function MsgReadv(
  rcvid: number,
  riov: readonly Iov[] | null,
  rparts: number,
  offset: number,
): number {
  const room = iovBytes(riov, rparts);
  if (room < 0) return room;
  return readMessage(rcvid, null, riov, room, offset);
}

function readMessage(
  rcvid: number,
  msg: Uint8Array | null,
  riov: readonly Iov[] | null,
  room: number,
  offset: number,
): number {
  if (!isUint32(offset)) return -EINVAL;
  const task = client(rcvid);
  if (task === 0) return -ESRCH;
  const sent = $words[task + L.SLOT_SENT];
  const at = messageAt(task, sent);
  if (at < 0) return at;
  const left = sent > offset ? sent - offset : 0;
  const count = left < room ? left : room;
  if (riov === null) copyOut(msg, 0, at + offset, count);
  else scatter(riov, at + offset, count);
  // The client may have given up and be writing its next message: then the copy may be torn.
  return load($words, task + L.SLOT_STATE) === replyState(rcvid) ? count : -ESRCH;
}

/**
 * Copies `bytes` of `msg` into the client's reply buffer at `offset`, never past its end. The
 * client goes on waiting; a later MsgReply still writes at 0. Returns the bytes copied, or -EFAULT,
 * -EINVAL, -EOVERFLOW (bad buffer or offset), -EMSGSIZE (past messageBytes), -ESRCH.
 */
export function MsgWrite(
  rcvid: number,
  msg: Uint8Array | null,
  bytes: number,
  offset: number,
): number {
  const error = bufferError(msg, bytes);
  if (error !== 0) return error;
  return writeMessage(rcvid, msg, null, bytes, offset);
}

/** MsgWrite from scattered buffers. */
export function MsgWritev(
  rcvid: number,
  siov: readonly Iov[] | null,
  sparts: number,
  offset: number,
): number {
  const count = iovBytes(siov, sparts);
  if (count < 0) return count;
  return writeMessage(rcvid, null, siov, count, offset);
}

function writeMessage(
  rcvid: number,
  msg: Uint8Array | null,
  siov: readonly Iov[] | null,
  bytes: number,
  offset: number,
): number {
  if (!isUint32(offset)) return -EINVAL;
  const task = client(rcvid);
  if (task === 0) return -ESRCH;
  const room = $words[task + L.SLOT_ROOM] >>> 0;
  const left = room > offset ? room - offset : 0;
  const count = bytes < left ? bytes : left;
  const at = roomAt(task, count === 0 ? 0 : offset + count);
  if (at < 0) return at;
  const whole = siov === null ? msg : gathered(siov, count);
  if (!claim(task, replyState(rcvid))) return -ESRCH;
  // Point of no return: the claim is ours.
  if (count > 0) writeReply(task, at, whole, offset, count);
  endClaim(task, replyState(rcvid), L.SLOT_REPLY);
  return count;
}

/**
 * Fills `info` for a message that is still held; msglen is what MsgReceive has received of it.
 * Returns 0, or -ESRCH, or -EFAULT (no record, or the client has written over its slot). Does not
 * block.
 */
export function MsgInfo(rcvid: number, info: MessageInfo): number {
  const task = client(rcvid);
  if (!isRecord(info)) return -EFAULT;
  if (task === 0) return -ESRCH;
  const channel = channelIn($words[task + L.SLOT_CHANNEL]);
  const sent = $words[task + L.SLOT_SENT];
  if (channel === 0 || messageAt(task, sent) < 0) return -EFAULT;
  fillInfo(info, task, channel, sent, receivedBytes(task, rcvid, sent));
  return load($words, task + L.SLOT_STATE) === replyState(rcvid) ? 0 : -ESRCH;
}

/**
 * Takes the priority of the client of a message that is still held; rcvid 0 goes back to the task's
 * own priority. Returns 0, or -ESRCH. Does not block.
 */
export function MsgCurrent(rcvid: number): number {
  requireAttached();
  if (rcvid === 0) {
    $own[L.TASK_PRIORITY] = $own[L.TASK_BASE_PRIORITY] & L.BASE_PRIORITY_MASK;
    return 0;
  }
  const task = client(rcvid);
  if (task === 0) return -ESRCH;
  takePriority(channelIn($words[task + L.SLOT_CHANNEL]), $words[task + L.TASK_PRIORITY]);
  return 0;
}
