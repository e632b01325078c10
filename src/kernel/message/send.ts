/**
 * The client's half of a message: publish it in the own transfer slot, ring the server, wait for
 * the end. Writes the own slot (SLOT_STATE by compare-exchange once it is published) and its bit in
 * the channel's pending bitmap.
 *
 * These are the plain calls. The public MsgSend* names are src/ha/cover.ts, which looks at a lost
 * connection before the caller does.
 */
import { channelIn } from "../../arena/address.js";
import { add, load, or, store } from "../../arena/atomic.js";
import { _NTO_CHF_UNBLOCK, postNotice, serverOf } from "../channel/channel.js";
import { entryOf, isOpen } from "../connection/connection.js";
import { EBADF, EDEADLK, EMSGSIZE, ERESTART, ETIMEDOUT, LOST } from "../errno.js";
import * as L from "../../arena/layout.js";
import { bufferError, copyIn, copyOut, gather, iovBytes, scatter } from "./copy.js";
import type { Iov } from "../../arena/records.js";
import { raisePriority } from "../channel/priority.js";
import { endStatus, takeBack } from "./transfer.js";
import { sharedStart } from "./shared-buffer.js";
import { requireAttached } from "../../arena/vm.js";
import { priorityOf } from "../task/task.js";
import {
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  disarm,
  rearm,
  SEND_STATES,
} from "../time/timeout.js";
import { awaitBell, FOREVER, obey, ring } from "../task/doorbell.js";
import { traceReturn, traceSend } from "../trace/points.js";

const LOST_EBADF = -(LOST + EBADF);
/** While the message is in a state that must end by itself soon, look again after this long. */
const SHORTLY_MS = 1;

/** Sends `sbytes` of `smsg`, waits, and receives up to `rbytes` into `rmsg`. Errors: MsgSend. */
export function send(
  coid: number,
  smsg: Uint8Array | null,
  sbytes: number,
  rmsg: Uint8Array | null,
  rbytes: number,
): number {
  let error = bufferError(smsg, sbytes);
  if (error === 0) error = bufferError(rmsg, rbytes);
  if (error !== 0) return refuse(error);
  const entry = sendEntry(coid);
  if (entry < 0) return refuse(entry);
  error = stage(smsg, sbytes);
  if (error !== 0) return refuse(error);
  const status = transact(entry, sbytes, rbytes, rmsg);
  takeReply(rmsg, rbytes);
  return status;
}

/** Scattered on both sides. */
export function sendv(
  coid: number,
  siov: readonly Iov[] | null,
  sparts: number,
  riov: readonly Iov[] | null,
  rparts: number,
): number {
  const room = iovBytes(riov, rparts);
  if (room < 0) return refuse(room);
  const status = sendGathered(coid, siov, sparts, room, null);
  scatterReply(riov, room);
  return status;
}

/** Scattered reply only. */
export function sendsv(
  coid: number,
  smsg: Uint8Array | null,
  sbytes: number,
  riov: readonly Iov[] | null,
  rparts: number,
): number {
  const room = iovBytes(riov, rparts);
  let error = bufferError(smsg, sbytes);
  if (error === 0 && room < 0) error = room;
  if (error !== 0) return refuse(error);
  const entry = sendEntry(coid);
  if (entry < 0) return refuse(entry);
  error = stage(smsg, sbytes);
  if (error !== 0) return refuse(error);
  const status = transact(entry, sbytes, room, null);
  scatterReply(riov, room);
  return status;
}

/** Scattered message only. */
export function sendvs(
  coid: number,
  siov: readonly Iov[] | null,
  sparts: number,
  rmsg: Uint8Array | null,
  rbytes: number,
): number {
  const error = bufferError(rmsg, rbytes);
  if (error !== 0) return refuse(error);
  const status = sendGathered(coid, siov, sparts, rbytes, rmsg);
  takeReply(rmsg, rbytes);
  return status;
}

function sendGathered(
  coid: number,
  siov: readonly Iov[] | null,
  sparts: number,
  room: number,
  rmsg: Uint8Array | null,
): number {
  const sent = iovBytes(siov, sparts);
  if (sent < 0) return refuse(sent);
  const entry = sendEntry(coid);
  if (entry < 0) return refuse(entry);
  if (sent <= $words[L.HEAD_MESSAGE_BYTES]) {
    gather($vm.bytes, $vm.sendAtByte, siov, sent);
  } else {
    const error = sparts === 1 ? stage((siov as readonly Iov[])[0].base, sent) : -EMSGSIZE;
    if (error !== 0) return refuse(error);
  }
  return transact(entry, sent, room, rmsg);
}

function replyAtByte(): number {
  return $vm.sendAtByte + $words[L.HEAD_BUFFER_STRIDE];
}

/** Copies the reply out, unless the server has written it in place, into a shared buffer. */
export function takeReply(rmsg: Uint8Array | null, rbytes: number): void {
  const written = $own[L.SLOT_WRITTEN];
  if (written === 0 || $own[L.SLOT_REPLY_AT] !== 0) return;
  copyOut(rmsg, 0, replyAtByte(), written < rbytes ? written : rbytes);
}

function scatterReply(riov: readonly Iov[] | null, room: number): void {
  const written = $own[L.SLOT_WRITTEN];
  if (written !== 0) scatter(riov, replyAtByte(), written < room ? written : room);
}

/**
 * Ends a call that never got under way: no reply, and its time limit is used up, unless the
 * connection is lost and the call may go on (src/ha).
 */
export function refuse(error: number): number {
  requireAttached();
  $own[L.SLOT_WRITTEN] = 0;
  if (error > -LOST) disarm();
  return error;
}

/** The entry to send through, or -EDEADLK on the main VM, or LOST_EBADF for no such coid. */
function sendEntry(coid: number): number {
  requireAttached();
  const entry = entryOf(coid);
  if (entry === 0) return LOST_EBADF;
  if (!$vm.port.mayBlock) return -EDEADLK;
  if ($own[L.TASK_POISON] !== 0) obey();
  return entry;
}

/** Brings the message where the server can read it. 0, or -EMSGSIZE. */
export function stage(smsg: Uint8Array | null, sbytes: number): number {
  if (sbytes <= $words[L.HEAD_MESSAGE_BYTES]) {
    copyIn($vm.sendAtByte, smsg, 0, sbytes);
    return 0;
  }
  const at = sharedStart(smsg as Uint8Array, sbytes);
  if (at === 0) return -EMSGSIZE;
  $own[L.SLOT_SEND_AT] = at;
  return 0;
}

/** Sends what is staged and waits for the end; again when the server says ERESTART. */
function transact(entry: number, sent: number, room: number, rmsg: Uint8Array | null): number {
  const states = $vm.armedStates & SEND_STATES;
  const until = $vm.armedUntil;
  if ($vm.armedStates !== 0) disarm();
  let status: number;
  do {
    let flags = 0;
    if (states !== 0) {
      flags = waitFlags(entry, states, until);
      if (flags < 0) return refuse(flags);
    }
    status = publish(entry, sent, room, rmsg, flags);
    if (status === 0) status = awaitEnd(states, until);
    traceReturn(status);
  } while (status === -ERESTART);
  // Lost: if the call goes on after a recovery, it does so under the same limit.
  if (states !== 0 && status < -LOST) rearm(states, until);
  return status;
}

/**
 * SLOT_FLAG_ bits for a message with a time limit, or -ETIMEDOUT when the limit is over now and
 * waiting would be needed: for a server to come, or, when one is waiting, for its reply.
 */
function waitFlags(entry: number, states: number, until: number): number {
  const timed = (states & _NTO_TIMEOUT_REPLY) !== 0 ? L.SLOT_FLAG_TIMED : 0;
  if (until > $vm.port.now()) {
    return (states & _NTO_TIMEOUT_SEND) !== 0 ? timed | L.SLOT_FLAG_SEND_TIMED : timed;
  }
  const channel = channelIn($words[entry + L.CONNECTION_CHANNEL]);
  // No waiting here: publish() finds that the channel is gone, or that it is the own one.
  if (!isOpen(entry) || serverOf(channel) === $me) return timed;
  const waiting = load($words, channel + L.CHANNEL_WAITING) === L.WAITING_MESSAGE;
  if (waiting) return timed !== 0 ? -ETIMEDOUT : 0;
  if ((states & _NTO_TIMEOUT_SEND) !== 0) return -ETIMEDOUT;
  return timed !== 0 ? timed | L.SLOT_FLAG_NO_REPLY_WAIT : 0;
}

/**
 * Makes the staged message the outstanding one. 0, or LOST_EBADF, -EDEADLK (loopback), and then
 * nothing is outstanding.
 */
export function publish(
  entry: number,
  sent: number,
  room: number,
  rmsg: Uint8Array | null,
  flags: number,
): number {
  const channel = channelIn($words[entry + L.CONNECTION_CHANNEL]);
  const life = $words[entry + L.CONNECTION_CHANNEL_LIFE];
  $own[L.SLOT_WRITTEN] = 0;
  if (channel === 0 || $words[channel + L.CHANNEL_LIFE] !== life) return LOST_EBADF;
  const server = serverOf(channel);
  if (server === $me) return -EDEADLK;
  $own[L.SLOT_CHANNEL] = channel;
  $own[L.SLOT_CHANNEL_LIFE] = life;
  $own[L.SLOT_CONNECTION] = entry;
  $own[L.SLOT_SENT] = sent;
  $own[L.SLOT_ROOM] = room;
  $own[L.SLOT_REPLY_AT] = room > $words[L.HEAD_MESSAGE_BYTES] ? sharedStart(rmsg, room) : 0;
  $own[L.SLOT_FLAGS] = flags;
  $own[L.SLOT_TICKET] = add($words, channel + L.CHANNEL_TICKET, 1);
  const low = (($own[L.SLOT_STATE] >>> L.SLOT_STATE_BITS) + 1) & L.SEQ_LOW_MASK;
  if (low === 0) $own[L.SLOT_SEQ_HIGH] = ($own[L.SLOT_SEQ_HIGH] + 1) & L.SEQ_HIGH_MASK;
  const sending = (low << L.SLOT_STATE_BITS) | L.SLOT_SEND;
  traceSend(server, sending, sent);
  // Point of no return: from here on a server may take the message, and only a compare-exchange
  // ends it. State before bit: a server that has just cleared the bit still sees the state.
  store($own, L.SLOT_STATE, sending);
  or($words, channel + $vm.pendingWord, $vm.pendingBit);
  // The channel's life after publishing: a death raises it before it looks at the slots, so either
  // its scan ends this message or we see it here and take the message back.
  if (load($words, channel + L.CHANNEL_LIFE) !== life && takeBack(sending)) return LOST_EBADF;
  const mine = priorityOf($me);
  if ($words[server + L.TASK_PRIORITY] < mine) raisePriority(channel, server, mine);
  ring(server);
  return 0;
}

/** Waits until the outstanding message has ended; what the call returns. */
function awaitEnd(states: number, until: number): number {
  for (;;) {
    const seen = load($own, L.TASK_BELL);
    const state = load($own, L.SLOT_STATE);
    if ((state & L.SLOT_STATE_MASK) >= L.SLOT_DONE) return endStatus(state);
    if (states === 0) awaitBell(seen, FOREVER);
    else if (giveUp(state, states, until)) return -ETIMEDOUT;
    else awaitBell(seen, nextLook(state, states, until));
  }
}

/**
 * True when the time is over and the message has been taken back. On a channel with
 * _NTO_CHF_UNBLOCK a message that the server has received stays: the server is asked once.
 */
export function giveUp(state: number, states: number, until: number): boolean {
  if ($vm.port.now() < until) return false;
  const kind = state & L.SLOT_STATE_MASK;
  const channel = channelIn($own[L.SLOT_CHANNEL]);
  if (kind === L.SLOT_SEND) {
    if ((states & _NTO_TIMEOUT_SEND) === 0) {
      // Only the reply is limited, and its time is over: who comes to receive it must end it.
      or($own, L.SLOT_FLAGS, L.SLOT_FLAG_NO_REPLY_WAIT);
      return false;
    }
    // A waiting server is just picking up messages; the one it takes changes state, then it stops
    // waiting. So: waiting first, then the state. With a limit on the reply too it makes no
    // difference, and a server that hangs while it waits must not make the client wait.
    const isReplyLimited = (states & _NTO_TIMEOUT_REPLY) !== 0;
    const isWaiting = load($words, channel + L.CHANNEL_WAITING) === L.WAITING_MESSAGE;
    return isWaiting && !isReplyLimited ? false : takeBack(state);
  }
  if (kind !== L.SLOT_REPLY || (states & _NTO_TIMEOUT_REPLY) === 0) return false;
  if (($words[channel + L.CHANNEL_FLAGS] & _NTO_CHF_UNBLOCK) === 0) return takeBack(state);
  if ((load($own, L.SLOT_FLAGS) & L.SLOT_FLAG_UNBLOCK) === 0) {
    or($own, L.SLOT_FLAGS, L.SLOT_FLAG_UNBLOCK);
    postNotice(channel, L.NOTICE_UNBLOCK);
  }
  return false;
}

/**
 * Until when to sleep in this state: its own limit; shortly when that is over but not ours to end.
 */
function nextLook(state: number, states: number, until: number): number {
  const kind = state & L.SLOT_STATE_MASK;
  if (kind === L.SLOT_SEND) {
    if ((load($own, L.SLOT_FLAGS) & L.SLOT_FLAG_NO_REPLY_WAIT) !== 0) return FOREVER;
  } else if (kind === L.SLOT_REPLY) {
    if ((states & _NTO_TIMEOUT_REPLY) === 0) return FOREVER;
    if ((load($own, L.SLOT_FLAGS) & L.SLOT_FLAG_UNBLOCK) !== 0) return FOREVER;
  }
  const shortly = $vm.port.now() + SHORTLY_MS;
  return until > shortly ? until : shortly;
}
