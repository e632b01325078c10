/**
 * Pulses: small messages that never block the sender. A bounded number of cells a channel.
 *
 * Cells are taken in any order, and received by priority and ticket (ticket.ts): a queue in order
 * of arrival could not put an urgent pulse first, and a producer that dies in the middle would
 * stall it. Here it only keeps its own cell, until its death frees that. Writes pulse cells,
 * CHANNEL_TICKET and CHANNEL_NOTICE.
 */
import { isInt32, isRecord } from "../argument.js";
import { cellsAt, cellsEnd, channelIn } from "../../arena/address.js";
import { add, and, cas, load, or, store } from "../../arena/atomic.js";
import { claimantIn, isBefore, isPulseFull, pulseFull } from "../channel/ticket.js";
import { pulsesOf, serverOf } from "../channel/channel.js";
import { entryOf, scoidOf } from "../connection/connection.js";
import { EAGAIN, EBADF, EFAULT, EINVAL, LOST } from "../errno.js";
import * as L from "../../arena/layout.js";
import type { Pulse } from "../../arena/records.js";
import { requireAttached } from "../../arena/vm.js";
import { PRIORITY_MAX, PRIORITY_MIN, priorityOf } from "../task/task.js";
import { ring } from "../task/doorbell.js";
import { raisePriority, takePriority } from "../channel/priority.js";
import { tracePulse } from "../trace/points.js";

/** A client on a _NTO_CHF_UNBLOCK channel wants to be unblocked: value = its rcvid. */
export const _PULSE_CODE_UNBLOCK = -32;
/** A client's last connection is gone: scoid = which. Answer with ConnectDetach(scoid). */
export const _PULSE_CODE_DISCONNECT = -33;
/** A thread of the own process died. Never sent: a task has one thread. */
export const _PULSE_CODE_THREADDEATH = -34;
/** The channel behind one of the own connections is gone: value = coid. */
export const _PULSE_CODE_COIDDEATH = -35;
/** The first code for users. */
export const _PULSE_CODE_MINAVAIL = 0;
/** The last one. */
export const _PULSE_CODE_MAXAVAIL = 127;

/** What the codes and the priorities of users' pulses fit in. */
const CODE_MASK = _PULSE_CODE_MAXAVAIL;
const PRIORITY_MASK = PRIORITY_MAX;

/** Size of a pulse in a receive buffer: QNX's struct _pulse with a 64-bit value. */
export const PULSE_BYTES = 24;
const PULSE_CODE_AT = 4;
const PULSE_VALUE_AT = 8;
const PULSE_SCOID_AT = 16;
const PULSE_PRIORITY_AT = 20;
const WORD_RANGE = 0x1_0000_0000;

/**
 * Sends a pulse to a channel while its life is `life`, without blocking; `scoid` is what it comes
 * from. 0, or -EAGAIN (no free cell), or EBADF with LOST (the channel is gone, or is none).
 */
export function postPulse(
  channel: number,
  life: number,
  scoid: number,
  priority: number,
  code: number,
  value: number,
): number {
  // Numbers may be objects that turn into others.
  const urgency = priority & PRIORITY_MASK;
  const word = ((code & CODE_MASK) << 8) | urgency;
  const bits = value | 0;
  if (channel === 0 || load($words, channel + L.CHANNEL_LIFE) !== life) return -(LOST + EBADF);
  const full = pulseFull(add($words, channel + L.CHANNEL_TICKET, 1));
  const cell = claimCell(channel, full);
  if (cell === 0) return -EAGAIN;
  // The life again, after the claim: who opens this record anew first ends the life and then marks
  // the claims that it finds (channel.ts). Either it finds ours or we see that the life has ended.
  if (load($words, channel + L.CHANNEL_LIFE) !== life) return leaveCell(cell);
  $words[cell + L.PULSE_CODE] = word;
  $words[cell + L.PULSE_VALUE] = bits;
  $words[cell + L.PULSE_SCOID] = scoid;
  if (cas($words, cell + L.PULSE_STATE, $vm.pid, full) !== $vm.pid) return leaveCell(cell);
  // The cell is published, then the hint: the server clears the hint and then looks at the cells.
  or($words, channel + L.CHANNEL_NOTICE, L.NOTICE_PULSE);
  if (load($words, channel + L.CHANNEL_LIFE) !== life) {
    if (cas($words, cell + L.PULSE_STATE, full, 0) === full) return -(LOST + EBADF);
  }
  const server = serverOf(channel);
  if ($words[server + L.TASK_PRIORITY] < urgency) raisePriority(channel, server, urgency);
  tracePulse(server, code);
  ring(server);
  return 0;
}

/** Frees a cell that we have claimed: the channel that the pulse was for is gone. */
function leaveCell(cell: number): number {
  store($words, cell + L.PULSE_STATE, 0);
  return -(LOST + EBADF);
}

/** Claims a free cell for this task, starting where its ticket points; 0 when all are in use. */
function claimCell(channel: number, ticket: number): number {
  const pulses = pulsesOf(channel);
  const cells = cellsAt(channel);
  const start = (ticket & 0x7fff_ffff) % pulses;
  for (let i = 0; i < pulses; i++) {
    const cell = cells + ((start + i) % pulses) * L.PULSE_WORDS;
    if (load($words, cell + L.PULSE_STATE) !== 0) continue;
    if (cas($words, cell + L.PULSE_STATE, 0, $vm.pid) === 0) return cell;
  }
  return 0;
}

/** The plain MsgSendPulse; the public one is src/ha/cover.ts. */
export function sendPulse(coid: number, priority: number, code: number, value: number): number {
  requireAttached();
  if (!isInt32(priority) || !isInt32(code) || !isInt32(value)) return -EINVAL;
  // As QNX 7.1: 0 is changed to 1.
  const urgency = priority === -1 ? priorityOf($me) : priority || PRIORITY_MIN;
  if (urgency < PRIORITY_MIN || urgency > PRIORITY_MAX) return -EINVAL;
  if (code < _PULSE_CODE_MINAVAIL || code > _PULSE_CODE_MAXAVAIL) return -EINVAL;
  const entry = entryOf(coid);
  if (entry === 0) return -(LOST + EBADF);
  return postPulse(
    channelIn($words[entry + L.CONNECTION_CHANNEL]),
    $words[entry + L.CONNECTION_CHANNEL_LIFE],
    scoidOf($words[entry + L.CONNECTION_ROOT]),
    urgency,
    code,
    value,
  );
}

/** The most urgent full cell of an own channel; 0 for none. */
export function bestPulse(channel: number): number {
  const best = scanPulses(channel);
  if (best !== 0) return best;
  // Clear the hint, then look again: a pulse published before the clearing is found now.
  and($words, channel + L.CHANNEL_NOTICE, ~L.NOTICE_PULSE);
  const late = scanPulses(channel);
  if (late !== 0) or($words, channel + L.CHANNEL_NOTICE, L.NOTICE_PULSE);
  return late;
}

function scanPulses(channel: number): number {
  const cells = cellsAt(channel);
  let best = 0;
  const pulses = pulsesOf(channel);
  for (let i = 0; i < pulses; i++) {
    const cell = cells + i * L.PULSE_WORDS;
    if (!isPulseFull(load($words, cell + L.PULSE_STATE))) continue;
    if (best === 0 || isPulseBefore(cell, best)) best = cell;
  }
  return best;
}

function isPulseBefore(cell: number, other: number): boolean {
  const mine = $words[cell + L.PULSE_CODE] & 0xff;
  const theirs = $words[other + L.PULSE_CODE] & 0xff;
  if (mine !== theirs) return mine > theirs;
  return isBefore($words[cell + L.PULSE_STATE], $words[other + L.PULSE_STATE]);
}

/** Moves a full cell of an own channel to the VM's pulse record. */
export function takePulse(channel: number, cell: number): void {
  // Masked: no sender can make its pulse look like one of the kernel's.
  const word = $words[cell + L.PULSE_CODE];
  $vm.pulse.code = (word >> 8) & CODE_MASK;
  $vm.pulse.priority = word & PRIORITY_MASK;
  $vm.pulse.value = $words[cell + L.PULSE_VALUE];
  $vm.pulse.scoid = $words[cell + L.PULSE_SCOID] >>> 0;
  store($words, cell + L.PULSE_STATE, 0);
  takePriority(channel, $vm.pulse.priority);
}

/** Frees the cells that a dead task had claimed and not published. Idempotent. */
export function dropPulseClaims(claimant: number): void {
  const words = $words;
  const end = cellsEnd();
  for (let cell = words[L.HEAD_PULSES_AT]; cell < end; cell += L.PULSE_WORDS) {
    if (words[cell + L.PULSE_STATE] <= 0) continue;
    if (claimantIn(words[cell + L.PULSE_STATE]) !== claimant) continue;
    // The channel may be opened anew meanwhile, which marks the claim.
    cas(words, cell + L.PULSE_STATE, claimant, 0);
    cas(words, cell + L.PULSE_STATE, claimant | L.PID_TOLD, 0);
  }
}

/** Writes the VM's pulse record to a receive buffer, little-endian. */
export function writePulse(target: Uint8Array): void {
  target.fill(0, 0, PULSE_BYTES);
  target[PULSE_CODE_AT] = $vm.pulse.code;
  writeWord(target, PULSE_VALUE_AT, $vm.pulse.value);
  writeWord(target, PULSE_VALUE_AT + L.WORD_BYTES, Math.floor($vm.pulse.value / WORD_RANGE));
  writeWord(target, PULSE_SCOID_AT, $vm.pulse.scoid);
  target[PULSE_PRIORITY_AT] = $vm.pulse.priority;
}

function writeWord(target: Uint8Array, at: number, value: number): void {
  target[at] = value;
  target[at + 1] = value >> 8;
  target[at + 2] = value >> 16;
  target[at + 3] = value >> 24;
}

function readWord(source: Uint8Array, at: number): number {
  return source[at] | (source[at + 1] << 8) | (source[at + 2] << 16) | (source[at + 3] << 24);
}

/**
 * Decodes the pulse that MsgReceive (result 0) or MsgReceivePulse left in `msg`. Returns 0, or
 * -EFAULT (no Uint8Array, or no record), -EINVAL (`msg` is shorter than PULSE_BYTES). Does not
 * block.
 */
export function readPulse(msg: Uint8Array, into: Pulse): number {
  if (!(msg instanceof Uint8Array) || !isRecord(into)) return -EFAULT;
  if (msg.length < PULSE_BYTES) return -EINVAL;
  into.code = (msg[PULSE_CODE_AT] << 24) >> 24;
  const low = readWord(msg, PULSE_VALUE_AT) >>> 0;
  into.value = readWord(msg, PULSE_VALUE_AT + L.WORD_BYTES) * WORD_RANGE + low;
  const scoid = readWord(msg, PULSE_SCOID_AT);
  into.scoid = scoid === -1 ? -1 : scoid >>> 0;
  into.priority = msg[PULSE_PRIORITY_AT];
  return 0;
}
