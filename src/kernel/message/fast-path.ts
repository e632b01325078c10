/**
 * The fast paths of a message: what nearly every send, receive and reply is, in one function each.
 *
 * A call of a function costs XS about 17 bytecodes before it does anything, so the ordinary paths
 * (send.ts, receive.ts, reply.ts) spend two thirds of their time on being divided well. Here the
 * same steps stand one after the other, in the same order and for the same reasons; the reasons are
 * written there. These cover: no time limit, plain buffers that fit into the task's own, a single
 * sender and no pulse waiting. Everything else goes the ordinary way, before anything has been
 * changed. So a fast path has no errors of its own.
 */
import { add, and, cas, load, or, store } from "../../arena/atomic.js";
import { EBADF, ERESTART, NO_RESULT, LOST } from "../errno.js";
import * as L from "../../arena/layout.js";
import { receiveMessage } from "./receive.js";
import type { MessageInfo } from "../../arena/records.js";
import { reply } from "./reply.js";
import { endStatus, fillInfo, takeBack } from "./transfer.js";
import { PRIORITY_MAX } from "../task/task.js";
import { awaitBell, FOREVER, ring } from "../task/doorbell.js";
import { releasePlace } from "../task/claim.js";
import { raisePriority, takePriority } from "../channel/priority.js";

const LOST_EBADF = -(LOST + EBADF);
const BITS_OF_SEQUENCE = ~L.SLOT_STATE_MASK;
/** Named: a literal in a function may allocate on XS. */
const NUMBER = typeof 0;
const OBJECT = typeof Object.prototype;
/** Named: XS looks a property of Math up at each call. */
const clz32: (word: number) => number = Math.clz32;
const HIGH_RANGE = L.SEQ_LOW_RANGE * L.RCVID_INDEX_RANGE;

/** send() of send.ts. */
export function sendFast(
  coid: number,
  smsg: Uint8Array | null,
  sbytes: number,
  rmsg: Uint8Array | null,
  rbytes: number,
): number {
  if (globalThis.$vm === undefined) return NO_RESULT;
  const vm = $vm;
  const words = $words;
  const own = $own;
  const most = words[L.HEAD_MESSAGE_BYTES];
  if (coid !== vm.lastCoid || vm.armedStates !== 0 || own[L.TASK_POISON] !== 0) return NO_RESULT;
  if (!(smsg instanceof Uint8Array) || !(rmsg instanceof Uint8Array)) return NO_RESULT;
  if (typeof sbytes !== NUMBER || typeof rbytes !== NUMBER) return NO_RESULT;
  if (sbytes >>> 0 !== sbytes || sbytes > most || sbytes > smsg.length) return NO_RESULT;
  if (rbytes >>> 0 !== rbytes || rbytes > most || rbytes > rmsg.length) return NO_RESULT;
  // Of the VM's own memory, and checked: the entry and the channel's owner may say anything.
  const channel = vm.lastSendChannel;
  const life = vm.lastSendLife;
  const server = vm.lastServer;
  const low = ((own[L.SLOT_STATE] >>> L.SLOT_STATE_BITS) + 1) & L.SEQ_LOW_MASK;
  if (words[channel + L.CHANNEL_LIFE] !== life || low === 0) return NO_RESULT;
  vm.port.copy(vm.bytes, vm.sendAtByte, smsg, 0, sbytes);
  own[L.SLOT_WRITTEN] = 0;
  own[L.SLOT_CHANNEL] = channel;
  own[L.SLOT_CHANNEL_LIFE] = life;
  own[L.SLOT_CONNECTION] = vm.lastEntry;
  own[L.SLOT_SENT] = sbytes;
  own[L.SLOT_ROOM] = rbytes;
  own[L.SLOT_REPLY_AT] = 0;
  own[L.SLOT_FLAGS] = 0;
  own[L.SLOT_TICKET] = add(words, channel + L.CHANNEL_TICKET, 1);
  const sending = (low << L.SLOT_STATE_BITS) | L.SLOT_SEND;
  store(own, L.SLOT_STATE, sending);
  or(words, channel + vm.pendingWord, vm.pendingBit);
  if (load(words, channel + L.CHANNEL_LIFE) !== life && takeBack(sending)) return LOST_EBADF;
  const priority = own[L.TASK_PRIORITY];
  if (words[server + L.TASK_PRIORITY] < priority && priority <= PRIORITY_MAX) {
    raisePriority(channel, server, priority);
  }
  ring(server);
  for (;;) {
    const seen = load(own, L.TASK_BELL);
    const state = load(own, L.SLOT_STATE);
    const kind = state & L.SLOT_STATE_MASK;
    if (kind > L.SLOT_DONE) return endStatus(state);
    if (kind === L.SLOT_DONE) break;
    awaitBell(seen, FOREVER);
  }
  const status = own[L.SLOT_STATUS];
  if (status === -ERESTART) return NO_RESULT;
  const written = own[L.SLOT_WRITTEN];
  if (written !== 0) {
    const at = vm.sendAtByte + words[L.HEAD_BUFFER_STRIDE];
    vm.port.copy(rmsg, 0, vm.bytes, at, written < rbytes ? written : rbytes);
  }
  return status;
}

/**
 * Receives the most urgent message or pulse of a channel of this task: up to `bytes` of it into
 * `msg`; the rest can be read with MsgRead. Blocks until there is one; on the main VM it never
 * blocks and answers -ETIMEDOUT when there is none. `info` (createMsgInfo, or null) is filled for
 * a message and left alone for a pulse.
 *
 * Returns the rcvid (> 0) of a message; 0 for a pulse, which is in `msg` (readPulse) and needs
 * PULSE_BYTES; -ESRCH (no such channel of this task), -EFAULT, -EINVAL, -EOVERFLOW (bad buffer;
 * -EFAULT also for a pulse that does not fit, and the pulse is lost), -ETIMEDOUT (TimerTimeout).
 */
export function MsgReceive(
  chid: number,
  msg: Uint8Array | null,
  bytes: number,
  info: MessageInfo | null,
): number {
  if (globalThis.$vm === undefined) return receiveMessage(chid, msg, bytes, info);
  const vm = $vm;
  const words = $words;
  const own = $own;
  if (chid !== vm.lastChid || vm.armedStates !== 0) {
    return receiveMessage(chid, msg, bytes, info);
  }
  if (!(msg instanceof Uint8Array) || typeof bytes !== NUMBER || bytes >>> 0 !== bytes)
    return receiveMessage(chid, msg, bytes, info);
  if (bytes > msg.length || (info !== null && typeof info !== OBJECT))
    return receiveMessage(chid, msg, bytes, info);
  const channel = vm.lastChannel;
  if (words[channel + L.CHANNEL_OWNER] !== vm.pid) return receiveMessage(chid, msg, bytes, info);
  let pending: number;
  for (;;) {
    const seen = load(own, L.TASK_BELL);
    // Messages, then pulses: see findArrival.
    pending = load(words, channel + L.CHANNEL_PENDING);
    if (own[L.TASK_POISON] !== 0 || load(words, channel + L.CHANNEL_NOTICE) !== 0) {
      return receiveMessage(chid, msg, bytes, info);
    }
    if (pending !== 0) break;
    store(words, channel + L.CHANNEL_WAITING, L.WAITING_MESSAGE);
    awaitBell(seen, FOREVER);
  }
  if ((pending & (pending - 1)) !== 0) return receiveMessage(chid, msg, bytes, info);
  const index = 31 - clz32(pending);
  if (index >= words[L.HEAD_PLACES]) return receiveMessage(chid, msg, bytes, info);
  const task = L.TASKS_AT + (index << L.TASK_SHIFT);
  and(words, channel + L.CHANNEL_PENDING, ~pending);
  const state = load(words, task + L.SLOT_STATE);
  if (
    (state & L.SLOT_STATE_MASK) !== L.SLOT_SEND ||
    words[task + L.SLOT_CHANNEL] !== channel ||
    words[task + L.SLOT_CHANNEL_LIFE] !== words[channel + L.CHANNEL_LIFE]
  ) {
    return receiveMessage(chid, msg, bytes, info);
  }
  const sent = words[task + L.SLOT_SENT];
  if (
    (words[task + L.SLOT_FLAGS] & L.SLOT_FLAG_NO_REPLY_WAIT) !== 0 ||
    sent >>> 0 > words[L.HEAD_MESSAGE_BYTES] ||
    sent > bytes
  ) {
    or(words, channel + L.CHANNEL_PENDING, pending);
    return receiveMessage(chid, msg, bytes, info);
  }
  const received = (state & BITS_OF_SEQUENCE) | L.SLOT_REPLY;
  if (cas(words, task + L.SLOT_STATE, state, received) !== state)
    return receiveMessage(chid, msg, bytes, info);
  const from = words[L.HEAD_BUFFERS_AT_BYTE] + index * 2 * words[L.HEAD_BUFFER_STRIDE];
  vm.port.copy(msg, 0, vm.bytes, from, sent);
  if (info !== null) fillInfo(info, task, channel, sent, sent);
  if (load(words, task + L.SLOT_STATE) !== received) return receiveMessage(chid, msg, bytes, info);
  const priority = words[task + L.TASK_PRIORITY];
  if (priority !== own[L.TASK_PRIORITY]) takePriority(channel, priority);
  if (words[channel + L.CHANNEL_WAITING] !== L.WAITING_NONE) {
    store(words, channel + L.CHANNEL_WAITING, L.WAITING_NONE);
  }
  own[L.TASK_RECEIVED]++;
  const low = received >>> L.SLOT_STATE_BITS;
  const high = words[task + L.SLOT_SEQ_HIGH] & L.SEQ_HIGH_MASK;
  return high * HIGH_RANGE + low * L.RCVID_INDEX_RANGE + index;
}

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
  if (globalThis.$vm === undefined) return reply(rcvid, status, msg, bytes);
  const vm = $vm;
  const words = $words;
  if (typeof status !== NUMBER || typeof bytes !== NUMBER || typeof rcvid !== NUMBER)
    return reply(rcvid, status, msg, bytes);
  if (!(status >= 0) || (status | 0) !== status) return reply(rcvid, status, msg, bytes);
  if (!(msg instanceof Uint8Array) || bytes >>> 0 !== bytes || bytes > msg.length)
    return reply(rcvid, status, msg, bytes);
  const index = rcvid & L.PID_INDEX_MASK;
  if (index >= words[L.HEAD_PLACES]) return reply(rcvid, status, msg, bytes);
  const task = L.TASKS_AT + (index << L.TASK_SHIFT);
  const low = (rcvid / L.RCVID_INDEX_RANGE) & L.SEQ_LOW_MASK;
  const waiting = (low << L.SLOT_STATE_BITS) | L.SLOT_REPLY;
  if (words[task + L.SLOT_STATE] !== waiting) return reply(rcvid, status, msg, bytes);
  if (words[task + L.SLOT_SEQ_HIGH] !== ((rcvid / HIGH_RANGE) | 0))
    return reply(rcvid, status, msg, bytes);
  if (words[task + L.SLOT_CHANNEL] !== vm.lastChannel) return reply(rcvid, status, msg, bytes);
  const room = words[task + L.SLOT_ROOM];
  const count = bytes < room ? bytes : room;
  // The client's room may be anything, also negative.
  if (words[task + L.SLOT_REPLY_AT] !== 0 || count >>> 0 > words[L.HEAD_MESSAGE_BYTES])
    return reply(rcvid, status, msg, bytes);
  const own = $own;
  const claimed = (waiting & BITS_OF_SEQUENCE) | L.SLOT_CLAIMED;
  own[L.TASK_CLAIMING] = task;
  if (cas(words, task + L.SLOT_STATE, waiting, claimed) !== waiting) {
    own[L.TASK_CLAIMING] = 0;
    return reply(rcvid, status, msg, bytes);
  }
  // Point of no return: the claim is ours, nobody else ends this message.
  const stride = words[L.HEAD_BUFFER_STRIDE];
  const at = words[L.HEAD_BUFFERS_AT_BYTE] + (index * 2 + 1) * stride;
  vm.port.copy(vm.bytes, at, msg, 0, count);
  if (count > words[task + L.SLOT_WRITTEN]) words[task + L.SLOT_WRITTEN] = count;
  words[task + L.SLOT_STATUS] = status;
  store(words, task + L.SLOT_STATE, (waiting & BITS_OF_SEQUENCE) | L.SLOT_DONE);
  if ((load(words, task + L.TASK_LIFE) & L.LIFE_MASK) === L.LIFE_ALIVE) ring(task);
  else releasePlace(task);
  own[L.TASK_CLAIMING] = 0;
  return 0;
}
