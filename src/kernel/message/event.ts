/**
 * Events: what a client asks a server to deliver to it later. A client initialises one, sends it
 * inside a message (packEvent), the server keeps it with the rcvid and delivers it when the time
 * comes; the client need not wait for a reply then.
 */
import { isInt32, isRecord, isUint32 } from "../argument.js";
import { channelIn } from "../../arena/address.js";
import { cas, load } from "../../arena/atomic.js";
import { clientEntry, coidOf, hasNumber, isOpen, scoidOf } from "../connection/connection.js";
import { EBADF, EFAULT, EINVAL, ESRCH, LOST } from "../errno.js";
import * as L from "../../arena/layout.js";
import { _PULSE_CODE_MAXAVAIL, _PULSE_CODE_MINAVAIL, postPulse } from "../pulse/pulse.js";
import { receivedFrom, replyState, senderOf } from "./rcvid.js";
import { requireAttached } from "../../arena/vm.js";
import { PRIORITY_MAX, PRIORITY_MIN } from "../task/task.js";
import { ring } from "../task/doorbell.js";

/** Nothing is delivered. */
export const SIGEV_NONE = 0;
/** A pulse through the client's own connection `coid`. */
export const SIGEV_PULSE = 4;
/** The client's call ends with -ETIMEDOUT, when it is still REPLY-blocked on this rcvid. */
export const SIGEV_UNBLOCK = 5;

/** struct sigevent, as far as it means anything here. Make one with createEvent and reuse it. */
export interface Sigevent {
  /** A SIGEV_ constant. */
  type: number;
  /** SIGEV_PULSE: connection of the CLIENT to the channel the pulse goes to. */
  coid: number;
  /** 1..63. */
  priority: number;
  /** 0..127. */
  code: number;
  /** A signed 32-bit number. */
  value: number;
}

/** deliverPulse: the entry is not what it was; look for the coid again. */
const MOVED = 1;
/** How often: each time its client has attached, or connected again, in between. */
const TRIES_MAX = 8;

/** Bytes of a packed event. */
export const EVENT_BYTES = 16;

/** A new event of type SIGEV_NONE. */
export function createEvent(): Sigevent {
  return { type: SIGEV_NONE, coid: 0, priority: 0, code: 0, value: 0 };
}

/** Makes `event` one that delivers nothing. Returns 0, or -EFAULT (no record). */
export function SIGEV_NONE_INIT(event: Sigevent): number {
  if (!isRecord(event)) return -EFAULT;
  event.type = SIGEV_NONE;
  return 0;
}

/**
 * Makes `event` one that delivers a pulse through the client's connection `coid`. Returns 0, or
 * -EFAULT (no record). Whether the numbers make sense says MsgVerifyEvent.
 */
export function SIGEV_PULSE_INIT(
  event: Sigevent,
  coid: number,
  priority: number,
  code: number,
  value: number,
): number {
  if (!isRecord(event)) return -EFAULT;
  event.type = SIGEV_PULSE;
  event.coid = coid;
  event.priority = priority;
  event.code = code;
  event.value = value;
  return 0;
}

/** Makes `event` one that unblocks the client. Returns 0, or -EFAULT (no record). */
export function SIGEV_UNBLOCK_INIT(event: Sigevent): number {
  if (!isRecord(event)) return -EFAULT;
  event.type = SIGEV_UNBLOCK;
  return 0;
}

/**
 * Writes an event into a message at `offset`, EVENT_BYTES long. 0, or -EINVAL when it won't fit or
 * its fields are no whole numbers, or -EFAULT for no Uint8Array or no record.
 */
export function packEvent(event: Sigevent, message: Uint8Array, offset: number): number {
  if (!(message instanceof Uint8Array) || !isRecord(event)) return -EFAULT;
  if (!isUint32(offset) || offset + EVENT_BYTES > message.length) return -EINVAL;
  const { type, priority, code, coid, value } = event;
  if (!isInt32(type) || !isInt32(priority) || !isInt32(code)) return -EINVAL;
  if (!isInt32(coid) || !isInt32(value)) return -EINVAL;
  packWord(message, offset, type | (priority << 8) | (code << 16));
  packWord(message, offset + 4, coid);
  packWord(message, offset + 8, value);
  packWord(message, offset + 12, 0);
  return 0;
}

/**
 * Reads an event that packEvent wrote. 0, or -EINVAL (the message is too short), -EFAULT (no
 * Uint8Array, or no record).
 */
export function unpackEvent(event: Sigevent, message: Uint8Array, offset: number): number {
  if (!(message instanceof Uint8Array) || !isRecord(event)) return -EFAULT;
  if (!isUint32(offset) || offset + EVENT_BYTES > message.length) return -EINVAL;
  event.type = message[offset];
  event.priority = message[offset + 1];
  event.code = message[offset + 2];
  event.coid = unpackWord(message, offset + 4);
  event.value = unpackWord(message, offset + 8);
  return 0;
}

function packWord(message: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) message[at + i] = value >> (8 * i);
}

function unpackWord(message: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 0; i < 4; i++) value |= message[at + i] << (8 * i);
  return value;
}

/**
 * Delivers an event to the client whose message had this rcvid; it need not wait any more. rcvid 0
 * is the calling task itself. Never blocks. Returns 0, or -EINVAL (bad event), -EFAULT (none),
 * -ESRCH (that client is gone, or has no such coid),
 * -EBADF (the channel behind the coid is gone), -EAGAIN (no room for the pulse).
 */
export function MsgDeliverEvent(rcvid: number, event: Sigevent): number {
  requireAttached();
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const client = receiverOf(rcvid);
    const entry = checkEvent(client, event);
    if (entry < 0 || event.type === SIGEV_NONE) return entry < 0 ? entry : 0;
    if (event.type === SIGEV_UNBLOCK) return unblock(rcvid);
    const status = deliverPulse(entry, client, event);
    if (status !== MOVED) return status < -LOST ? status + LOST : status;
  }
  return -ESRCH;
}

/**
 * Sends the pulse through an entry of the client. The client may let go of it meanwhile, and then
 * it is another's: that one marks it, raises its serial and then writes it (connect-attach.ts). So
 * where the entry leads counts only if it is the client's, with this coid, and the serial is the
 * same afterwards; else MOVED: a recovery gives a coid another entry.
 */
function deliverPulse(entry: number, client: number, event: Sigevent): number {
  const serial = load($words, entry + L.CONNECTION_SERIAL);
  if (!hasNumber(entry) || coidOf(entry) !== event.coid) return MOVED;
  const channel = channelIn(load($words, entry + L.CONNECTION_CHANNEL));
  const life = load($words, entry + L.CONNECTION_CHANNEL_LIFE);
  const scoid = scoidOf(load($words, entry + L.CONNECTION_ROOT));
  if (load($words, entry + L.CONNECTION_OWNER) !== client) return MOVED;
  if (load($words, entry + L.CONNECTION_SERIAL) !== serial) return MOVED;
  return postPulse(channel, life, scoid, event.priority, event.code, event.value);
}

/**
 * Checks what MsgDeliverEvent would check and delivers nothing; rcvid 0 = as if the caller were the
 * client. Returns 0 or the same errors but -EAGAIN.
 */
export function MsgVerifyEvent(rcvid: number, event: Sigevent): number {
  requireAttached();
  const entry = checkEvent(receiverOf(rcvid), event);
  return entry < 0 ? entry : 0;
}

/** pid of whom an event goes to, or 0. */
function receiverOf(rcvid: number): number {
  return rcvid === 0 ? $vm.pid : senderOf(rcvid);
}

/** The client's entry for a pulse, 0 for other events, or an error. */
function checkEvent(receiver: number, event: Sigevent): number {
  if (!isRecord(event)) return -EFAULT;
  if (receiver === 0) return -ESRCH;
  if (event.type === SIGEV_NONE || event.type === SIGEV_UNBLOCK) return 0;
  if (event.type !== SIGEV_PULSE) return -EINVAL;
  const { priority, code, value } = event;
  if (!isInt32(priority) || !isInt32(code) || !isInt32(value)) return -EINVAL;
  if (priority < PRIORITY_MIN || priority > PRIORITY_MAX) return -EINVAL;
  if (code < _PULSE_CODE_MINAVAIL || code > _PULSE_CODE_MAXAVAIL) return -EINVAL;
  const entry = clientEntry(receiver, event.coid);
  if (entry === 0) return -ESRCH;
  return isOpen(entry) ? entry : -EBADF;
}

function unblock(rcvid: number): number {
  const task = receivedFrom(rcvid);
  if (task === 0) return 0;
  const waiting = replyState(rcvid);
  const expired = (waiting & ~L.SLOT_STATE_MASK) | L.SLOT_EXPIRED;
  if (cas($words, task + L.SLOT_STATE, waiting, expired) === waiting) {
    if ((load($words, task + L.TASK_LIFE) & L.LIFE_MASK) === L.LIFE_ALIVE) ring(task);
  }
  return 0;
}
