/**
 * The server's half of a message: find the most urgent arrival on a channel and take it.
 *
 * Arrivals are the kernel's own pulses (kernel-pulse.ts), users' pulses (pulse.ts) and messages;
 * the last two are ordered by priority and, within one, by ticket. Writes the pending bitmap and
 * CHANNEL_WAITING, and moves SLOT_STATE of a sender from SEND to REPLY by compare-exchange.
 */
import { isRecord } from "../argument.js";
import { and, cas, load, or, store } from "../../arena/atomic.js";
import { isBefore } from "../channel/ticket.js";
import { ownChannel } from "../channel/channel.js";
import { bufferError, copyOut, iovBytes, scatter } from "./copy.js";
import { EFAULT, ETIMEDOUT } from "../errno.js";
import * as L from "../../arena/layout.js";
import { takeNotice } from "./kernel-pulse.js";
import { bestPulse, PULSE_BYTES, takePulse, writePulse } from "../pulse/pulse.js";
import { rcvidOf } from "./rcvid.js";
import { _NTO_MI_UNBLOCK_REQ, type Iov, type MessageInfo } from "../../arena/records.js";
import { notePart } from "./partial.js";
import { fillInfo } from "./transfer.js";
import { isSharedRange } from "./shared-buffer.js";
import { requireAttached, sendBufferAt } from "../../arena/vm.js";
import { _NTO_TIMEOUT_RECEIVE, disarm, rearm } from "../time/timeout.js";
import { claim, endClaim } from "../task/claim.js";
import { awaitBell, FOREVER, obey, ring } from "../task/doorbell.js";
import { takePriority } from "../channel/priority.js";
import { traceGotPulse, traceReceive, traceWake } from "../trace/points.js";

/** findArrival: nothing is there. */
const NOTHING = -1;
/** findArrival: a pulse was taken; it is in the VM's pulse record. */
const PULSE = 0;

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
  const error = bufferError(msg, bytes);
  if (error !== 0) return refuse(error);
  return receive(chid, L.WAITING_MESSAGE, msg, null, bytes, info);
}

/**
 * MsgReceive for the manager, beside whatever else the main VM does: it does not wait, and leaves
 * the time limit alone that the application has set for its own next call.
 */
export function pollMessage(
  chid: number,
  msg: Uint8Array,
  bytes: number,
  info: MessageInfo,
): number {
  const { armedStates, armedUntil } = $vm;
  const rcvid = MsgReceive(chid, msg, bytes, info);
  rearm(armedStates, armedUntil);
  return rcvid;
}

/** MsgReceive into scattered buffers. A pulse goes to the first part. */
export function MsgReceivev(
  chid: number,
  riov: readonly Iov[] | null,
  rparts: number,
  info: MessageInfo | null,
): number {
  const room = iovBytes(riov, rparts);
  if (room < 0) return refuse(room);
  return receive(chid, L.WAITING_MESSAGE, null, riov, room, info);
}

/**
 * Receives the most urgent pulse of a channel; messages stay queued. Returns 0; errors as
 * MsgReceive. `info` is left alone, as in QNX.
 */
export function MsgReceivePulse(
  chid: number,
  msg: Uint8Array | null,
  bytes: number,
  info: MessageInfo | null,
): number {
  const error = bufferError(msg, bytes);
  if (error !== 0) return refuse(error);
  return receive(chid, L.WAITING_PULSE, msg, null, bytes, info);
}

/** MsgReceivePulse into the first of scattered buffers. */
export function MsgReceivePulsev(
  chid: number,
  riov: readonly Iov[] | null,
  rparts: number,
  info: MessageInfo | null,
): number {
  const room = iovBytes(riov, rparts);
  if (room < 0) return refuse(room);
  return receive(chid, L.WAITING_PULSE, null, riov, room, info);
}

function refuse(error: number): number {
  disarm();
  return error;
}

function receive(
  chid: number,
  kind: number,
  msg: Uint8Array | null,
  riov: readonly Iov[] | null,
  room: number,
  info: MessageInfo | null,
): number {
  requireAttached();
  if (info !== null && !isRecord(info)) return refuse(-EFAULT);
  const channel = ownChannel(chid);
  if (channel < 0) return refuse(channel);
  const until = deadline();
  let result = 0;
  while (result === 0) {
    const seen = load($own, L.TASK_BELL);
    if ($own[L.TASK_POISON] !== 0) obey();
    const task = findArrival(channel, kind);
    if (task > 0) {
      result = take(channel, task, msg, riov, room, info);
    } else if (task === PULSE) {
      traceGotPulse();
      result = deliverPulse(msg, riov, room);
      break;
    } else if (until !== FOREVER && until <= $vm.port.now()) {
      $own[L.TASK_SINCE] = 0;
      traceWake();
      result = -ETIMEDOUT;
    } else {
      store($words, channel + L.CHANNEL_WAITING, kind);
      awaitBell(seen, until);
    }
  }
  // The server stops waiting only now: a client that polls sees its message taken first.
  if ($words[channel + L.CHANNEL_WAITING] !== L.WAITING_NONE) {
    store($words, channel + L.CHANNEL_WAITING, L.WAITING_NONE);
  }
  if (result >= 0) $own[L.TASK_RECEIVED]++;
  return result;
}

/** When to give up: TimerTimeout's limit, at once on the main VM, else never. */
function deadline(): number {
  const until = ($vm.armedStates & _NTO_TIMEOUT_RECEIVE) !== 0 ? $vm.armedUntil : FOREVER;
  if ($vm.armedStates !== 0) disarm();
  return $vm.port.mayBlock ? until : -FOREVER;
}

/** Address of the most urgent sender, or PULSE when a pulse was more urgent, or NOTHING. */
function findArrival(channel: number, kind: number): number {
  const task = kind === L.WAITING_MESSAGE ? bestSender(channel) : 0;
  // Senders before pulses: a client whose message is seen has published its earlier pulses.
  const notices = load($words, channel + L.CHANNEL_NOTICE);
  if (notices !== 0) return findAmongPulses(channel, kind, task, notices);
  return task === 0 ? NOTHING : task;
}

/** The same where there may be pulses, after the first look at senders and notices. */
function findAmongPulses(channel: number, kind: number, task: number, notices: number): number {
  let best = task;
  let left = notices;
  while (left !== 0) {
    if (takeNotice(channel, left)) return PULSE;
    const cell = (left & L.NOTICE_PULSE) !== 0 ? bestPulse(channel) : 0;
    if (cell === 0) break;
    // And senders after pulses: main publishes a message, and then a pulse.
    const again = kind === L.WAITING_MESSAGE ? bestSender(channel) : 0;
    if (again === best) {
      if (best !== 0 && isMoreUrgent(best, cell)) return best;
      takePulse(channel, cell);
      return PULSE;
    }
    best = again;
    left = load($words, channel + L.CHANNEL_NOTICE);
  }
  return best === 0 ? NOTHING : best;
}

/** True when a sender goes before a pulse. */
function isMoreUrgent(task: number, cell: number): boolean {
  const mine = $words[task + L.TASK_PRIORITY];
  const other = $words[cell + L.PULSE_CODE] & 0xff;
  if (mine !== other) return mine > other;
  return isBefore($words[task + L.SLOT_TICKET], $words[cell + L.PULSE_STATE]);
}

/** True while a task's message waits for this incarnation of the channel. */
function isSendingTo(task: number, state: number, channel: number): boolean {
  return (
    (state & L.SLOT_STATE_MASK) === L.SLOT_SEND &&
    $words[task + L.SLOT_CHANNEL] === channel &&
    $words[task + L.SLOT_CHANNEL_LIFE] === $words[channel + L.CHANNEL_LIFE]
  );
}

/** Address of the sender with the highest priority, the first to come within it; 0 for none. */
function bestSender(channel: number): number {
  const pending = load($words, channel + L.CHANNEL_PENDING);
  const isOneWord = $words[L.HEAD_PENDING_WORDS] === 1;
  if (!isOneWord || (pending & (pending - 1)) !== 0) return bestOfAll(channel);
  if (pending === 0) return 0;
  // The only one in sight: take() looks whether its bit is true.
  const index = 31 - Math.clz32(pending);
  if (index < $words[L.HEAD_PLACES]) return L.TASKS_AT + (index << L.TASK_SHIFT);
  and($words, channel + L.CHANNEL_PENDING, ~pending);
  return 0;
}

function bestOfAll(channel: number): number {
  let best = 0;
  for (let word = 0; word < $words[L.HEAD_PENDING_WORDS]; word++) {
    let pending = load($words, channel + L.CHANNEL_PENDING + word);
    while (pending !== 0) {
      const bit = pending & -pending;
      pending ^= bit;
      const index = (word << 5) + 31 - Math.clz32(bit);
      const task = L.TASKS_AT + (index << L.TASK_SHIFT);
      if (index >= $words[L.HEAD_PLACES]) {
        and($words, channel + L.CHANNEL_PENDING + word, ~bit);
      } else if (isPending(channel, task, word, bit)) {
        if (best === 0 || isSenderBefore(task, best)) best = task;
      }
    }
  }
  return best;
}

/** Is the bit true? A stale one is cleared; then the state decides again, as it was set first. */
function isPending(channel: number, task: number, word: number, bit: number): boolean {
  if (isSendingTo(task, load($words, task + L.SLOT_STATE), channel)) return true;
  and($words, channel + L.CHANNEL_PENDING + word, ~bit);
  if (!isSendingTo(task, load($words, task + L.SLOT_STATE), channel)) return false;
  or($words, channel + L.CHANNEL_PENDING + word, bit);
  return true;
}

function isSenderBefore(task: number, other: number): boolean {
  const mine = $words[task + L.TASK_PRIORITY];
  const theirs = $words[other + L.TASK_PRIORITY];
  if (mine !== theirs) return mine > theirs;
  return isBefore($words[task + L.SLOT_TICKET], $words[other + L.SLOT_TICKET]);
}

/** Takes a sender's message: its rcvid, or 0 when the client gave up meanwhile. */
function take(
  channel: number,
  task: number,
  msg: Uint8Array | null,
  riov: readonly Iov[] | null,
  room: number,
  info: MessageInfo | null,
): number {
  const index = (task - L.TASKS_AT) >> L.TASK_SHIFT;
  // Bit before state: a client that gives up and sends again publishes its state and then sets the
  // bit, so either the state read here is the newer message or the bit is set again after this.
  and($words, channel + L.CHANNEL_PENDING + (index >> 5), ~(1 << (index & 31)));
  const state = load($words, task + L.SLOT_STATE);
  if (!isSendingTo(task, state, channel)) return 0;
  const flags = $words[task + L.SLOT_FLAGS];
  const next = (flags & L.SLOT_FLAG_NO_REPLY_WAIT) !== 0 ? L.SLOT_EXPIRED : L.SLOT_REPLY;
  const received = (state & ~L.SLOT_STATE_MASK) | next;
  // Point of no return: the message is ours, and its client waits for the answer.
  if (cas($words, task + L.SLOT_STATE, state, received) !== state) return 0;
  if (flags !== 0) ring(task);
  if (next === L.SLOT_EXPIRED) return 0;
  const sent = $words[task + L.SLOT_SENT];
  const at = messageAt(task, sent);
  if (at < 0) return refuseMessage(task, received);
  const count = sent < room ? sent : room;
  if (riov === null) copyOut(msg, 0, at, count);
  else scatter(riov, at, count);
  if (info !== null) fillInfo(info, task, channel, sent, count);
  // The client may have given up while we copied, and be writing its next message already.
  if (load($words, task + L.SLOT_STATE) !== received) return 0;
  takePriority(channel, $words[task + L.TASK_PRIORITY]);
  const rcvid = rcvidOf(task, received);
  traceReceive(task, sent);
  if (count < sent) notePart(task, rcvid, count);
  return rcvid;
}

/** Byte offset of a message of `sent` bytes; -EFAULT when the slot says nonsense. */
export function messageAt(task: number, sent: number): number {
  if (sent >>> 0 <= $words[L.HEAD_MESSAGE_BYTES]) return sendBufferAt(task);
  const at = $words[task + L.SLOT_SEND_AT];
  return isSharedRange(task, at, sent) ? at : -EFAULT;
}

/** A message whose slot was written over by its own task: end it, with -EFAULT. */
function refuseMessage(task: number, received: number): number {
  if (!claim(task, received)) return 0;
  $words[task + L.SLOT_STATUS] = -EFAULT;
  endClaim(task, received, L.SLOT_DONE);
  return 0;
}

/** Writes the VM's pulse record to the receive buffer. 0, or -EFAULT, and the pulse is lost. */
function deliverPulse(msg: Uint8Array | null, riov: readonly Iov[] | null, room: number): number {
  if (room < PULSE_BYTES) return -EFAULT;
  if (riov === null) {
    writePulse(msg as Uint8Array);
    return 0;
  }
  const first = riov[0] as Iov;
  if (first.length < PULSE_BYTES) return -EFAULT;
  writePulse(first.base);
  return 0;
}
