/**
 * The trace points of the tracing build: each writes a record into the ring of its own VM.
 *
 * Only that build has this file: a host's trace-points.ts takes all from here, and adds what only
 * a host knows, its clock. ring.ts says what a record is, and who may die in one. A record costs
 * some 225 bytecodes on XS and allocates nothing (test/hosts/xs-linux/tracing.test.ts).
 */
import { channelIn } from "../../arena/address.js";
import { load, store } from "../../arena/atomic.js";
import * as L from "../../arena/layout.js";
import { LOST } from "../errno.js";
import * as R from "./ring.js";

/** Writes a record into the own ring. */
function record(what: number, message: number): void {
  const ring = globalThis.$ring;
  if (ring === undefined) return;
  const now = $clock();
  if (((now / R.TIME_RANGE) | 0) !== ring[R.RING_HIGH]) noteHigh(ring, now);
  write(ring, now, what, message);
}

function write(ring: Int32Array, now: number, what: number, message: number): void {
  // Counted first: who dies in it leaves a record that is told as torn, and no number twice. Every
  // word with a store that keeps its place: a plain one may be seen before the stamp is void, or
  // the count before the stamp of the record before (ARM).
  const number = (ring[R.RING_LAST] + 1) | 0;
  const at = R.RING_WORDS + ((number & ring[R.RING_MASK]) << R.RECORD_SHIFT);
  store(ring, R.RING_LAST, number);
  store(ring, at, 0);
  store(ring, at + R.RECORD_TIME, now | 0);
  store(ring, at + R.RECORD_WHAT, what);
  store(ring, at + R.RECORD_MESSAGE, message);
  store(ring, at, number);
}

/** The record first: if this VM dies between the two, its successor says it again. */
function noteHigh(ring: Int32Array, now: number): void {
  const before = ring[R.RING_HIGH];
  const high = (now / R.TIME_RANGE) | 0;
  write(ring, now, R.KIND_CLOCK | (before << R.VALUE_SHIFT), high);
  store(ring, R.RING_HIGH, high);
}

/** A value in its place: VALUE_MAX stands for all above it. */
function valueOf(value: number): number {
  return (value < R.VALUE_MAX ? value : R.VALUE_MAX) << R.VALUE_SHIFT;
}

/** KIND_ and the place of a task, by its address. */
function kindOf(kind: number, task: number): number {
  return kind | ((task - L.TASKS_AT) >> R.TASK_PEER_SHIFT);
}

/** RECORD_MESSAGE of the message in the slot of this task. */
function messageIn(task: number): number {
  return $words[task + L.SLOT_FIRST] || $words[task + L.SLOT_STATE] & ~L.SLOT_STATE_MASK;
}

/** An errno from a status below 0, which may hold LOST. */
function errnoOf(status: number): number {
  return status < -LOST ? -LOST - status : -status;
}

function recordPid(kind: number, pid: number): void {
  record(kind | ((pid & L.PID_INDEX_MASK) << R.PEER_SHIFT), pid);
}

/** Makes `ring` the own one. Hosts call it, with their clock. */
export function attachRing(ring: Int32Array, clock: () => number): void {
  globalThis.$ring = ring;
  globalThis.$clock = clock;
}

/** What a host's traceAttach() does, with its clock. */
export function attachIncarnation(
  { trace }: Readonly<R.TraceStart>,
  pid: number,
  clock: () => number,
): void {
  if (!trace) return;
  attachRing(R.ringOf(trace, pid & L.PID_INDEX_MASK), clock);
  traceStarted(pid);
}

export function traceEnd(): void {
  if (globalThis.$ring === undefined) return;
  recordPid(R.KIND_DEATH, $vm.pid);
  globalThis.$ring = undefined;
}

export function traceStarted(pid: number): void {
  recordPid(R.KIND_START, pid);
}

export function traceReady(pid: number): void {
  recordPid(R.KIND_READY, pid);
}

export function traceDied(pid: number): void {
  recordPid(R.KIND_DEATH, pid);
}

export function traceSend(server: number, sending: number, bytes: number): void {
  const message = $own[L.SLOT_FIRST] || sending & ~L.SLOT_STATE_MASK;
  record(kindOf(R.KIND_SEND, server) | valueOf(bytes), message);
}

export function traceReturn(status: number): void {
  const isGood = status >= 0;
  const what = isGood ? R.KIND_RETURN | valueOf(status) : R.KIND_FAIL | valueOf(errnoOf(status));
  record(what, messageIn($me));
}

export function traceReceive(client: number, bytes: number): void {
  record(kindOf(R.KIND_RECEIVE, client) | valueOf(bytes), messageIn(client));
}

export function traceReply(client: number, status: number, bytes: number): void {
  const what = status >= 0 ? kindOf(R.KIND_REPLY, client) : kindOf(R.KIND_ERROR, client);
  record(what | valueOf(status >= 0 ? bytes : -status), messageIn(client));
}

export function tracePulse(server: number, code: number): void {
  record(kindOf(R.KIND_PULSE, server) | (code << R.VALUE_SHIFT), 0);
}

export function traceGotPulse(): void {
  record(R.KIND_GOT_PULSE | (($vm.pulse.code & 0xff) << R.VALUE_SHIFT), 0);
}

export function traceBlock(): void {
  // Else one of the later slices of a sleep.
  if ($own[L.TASK_SINCE] === 0) record(R.KIND_BLOCK | (blocked() << R.VALUE_SHIFT), 0);
}

/** Does it wait for a message, on the channel that it has received on last? */
function blocked(): number {
  const channel = channelIn($vm.lastChannel);
  if (channel === 0) return R.BLOCK_OTHER;
  const waiting = load($words, channel + L.CHANNEL_WAITING);
  return waiting === L.WAITING_NONE ? R.BLOCK_OTHER : R.BLOCK_RECEIVE;
}

export function traceWake(): void {
  if ($own[L.TASK_SINCE] === 0) record(R.KIND_WAKE, 0);
}

export function traceRecovering(coid: number): void {
  record(R.KIND_RECOVERY | (R.RECOVERY_BEGUN << R.VALUE_SHIFT), coid);
}

export function traceRecovered(coid: number): void {
  record(R.KIND_RECOVERY | (R.RECOVERY_DONE << R.VALUE_SHIFT), coid);
}

export function traceRecoveryOver(coid: number): void {
  record(R.KIND_RECOVERY | (R.RECOVERY_OVER << R.VALUE_SHIFT), coid);
}
