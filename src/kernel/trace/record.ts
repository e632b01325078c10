/**
 * Writing a record: what the trace points (recorder.ts) come to. ring.ts says what a record is, and
 * who may die in one.
 *
 * This text is for hosts without C, and the specification: on a device the build puts
 * hosts/moddable/trace/record.ts in its place, and the same steps stand in
 * hosts/moddable/native/record.h. test/proof/native compares the two.
 */
import { store } from "../../arena/atomic.js";
import { TASKS_AT } from "../../arena/layout.js";
import * as R from "./ring.js";

/** The clock of this VM's records. A host calls it before it attaches a ring. */
export function useClock(microseconds: () => number): void {
  globalThis.$clock = microseconds;
}

/**
 * Writes a record into the own ring, if this VM has one: a KIND_, the address of another task's
 * record, or TASKS_AT where none has a part in it, a value, and RECORD_MESSAGE. All are whole
 * numbers of 32 bits; VALUE_MAX stands for every value above it.
 */
export function record(kind: number, task: number, value: number, message: number): void {
  const ring = globalThis.$ring;
  if (ring === undefined) return;
  const now = $clock();
  if (((now / R.TIME_RANGE) | 0) !== ring[R.RING_HIGH]) noteHigh(ring, now);
  const peer = (task - TASKS_AT) >> R.TASK_PEER_SHIFT;
  const most = value < R.VALUE_MAX ? value : R.VALUE_MAX;
  write(ring, now, kind | peer | (most << R.VALUE_SHIFT), message);
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
