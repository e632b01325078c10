/**
 * The trace points of the tracing build: each tells record() what is to be written.
 *
 * Only that build has this file: a host's trace/points.ts takes all from here, and adds what only
 * a host knows. On a device the common case of messages is in C, and so are its trace points:
 * hosts/moddable/native/trace.h has the same text as the functions here.
 */
import * as L from "../../arena/layout.js";
import { LOST } from "../errno.js";
import { record } from "./record.js";
import * as R from "./ring.js";

/** Where no other task has a part in it. */
const NOBODY = L.TASKS_AT;
/** What SLOT_STATE has of the number and the attempt of a message. */
const SEQUENCE = ~L.SLOT_STATE_MASK;

function recordPid(kind: number, pid: number): void {
  record(kind, L.TASKS_AT + ((pid & L.PID_INDEX_MASK) << L.TASK_SHIFT), 0, pid);
}

/** Makes `ring` the own one. */
export function attachRing(ring: Int32Array): void {
  globalThis.$ring = ring;
}

/** What a host's traceAttach() does. */
export function attachIncarnation({ trace }: Readonly<R.TraceStart>, pid: number): void {
  if (!trace) return;
  attachRing(R.ringOf(trace, pid & L.PID_INDEX_MASK));
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
  record(R.KIND_SEND, server, bytes, $own[L.SLOT_FIRST] || sending & SEQUENCE);
}

export function traceReturn(status: number): void {
  const message = $own[L.SLOT_FIRST] || $own[L.SLOT_STATE] & SEQUENCE;
  if (status >= 0) record(R.KIND_RETURN, NOBODY, status, message);
  else record(R.KIND_FAIL, NOBODY, status < -LOST ? -LOST - status : -status, message);
}

// From here on the number of a message is said in full: a variable for it would cost XS more.

export function traceReceive(client: number, bytes: number): void {
  record(
    R.KIND_RECEIVE,
    client,
    bytes,
    $words[client + L.SLOT_FIRST] || $words[client + L.SLOT_STATE] & SEQUENCE,
  );
}

/** No record says so. A host's own points may stand still there. */
export function traceAnswer(_client: number): void {}

export function traceReply(client: number, status: number, bytes: number): void {
  if (status >= 0) {
    record(
      R.KIND_REPLY,
      client,
      bytes,
      $words[client + L.SLOT_FIRST] || $words[client + L.SLOT_STATE] & SEQUENCE,
    );
  } else {
    record(
      R.KIND_ERROR,
      client,
      -status,
      $words[client + L.SLOT_FIRST] || $words[client + L.SLOT_STATE] & SEQUENCE,
    );
  }
}

export function tracePulse(server: number, code: number): void {
  record(R.KIND_PULSE, server, code, 0);
}

export function traceGotPulse(): void {
  record(R.KIND_GOT_PULSE, NOBODY, $vm.pulse.code & 0xff, 0);
}

export function traceBlock(): void {
  // Else one of the later slices of a sleep.
  if ($own[L.TASK_SINCE] === 0) record(R.KIND_BLOCK, NOBODY, blocked(), 0);
}

/** Does it wait for a message, on the channel that it has received on last? */
function blocked(): number {
  const channel = $vm.lastChannel;
  // Nobody else writes it.
  const isWaiting = channel !== 0 && $words[channel + L.CHANNEL_WAITING] !== L.WAITING_NONE;
  return isWaiting ? R.BLOCK_RECEIVE : R.BLOCK_OTHER;
}

export function traceWake(): void {
  if ($own[L.TASK_SINCE] === 0) record(R.KIND_WAKE, NOBODY, 0, 0);
}

export function traceRecovering(coid: number): void {
  record(R.KIND_RECOVERY, NOBODY, R.RECOVERY_BEGUN, coid);
}

export function traceRecovered(coid: number): void {
  record(R.KIND_RECOVERY, NOBODY, R.RECOVERY_DONE, coid);
}

export function traceRecoveryOver(coid: number): void {
  record(R.KIND_RECOVERY, NOBODY, R.RECOVERY_OVER, coid);
}
