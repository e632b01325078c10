/**
 * The trace: a ring of the last rare events, for people who ask what happened.
 *
 * Nothing of the message path writes here. All tasks write into the one ring: HEAD_TRACE gives each
 * event its number, and the number its record. A record has its number last, and 0 while it is
 * being written; a reader copies it between two looks at the number. All words are written with a
 * store that keeps its place: a plain one may be seen before the 0 in front of it (ARM). A writer
 * that dies in a record leaves its 0, until the ring comes round. One that is held up in a record
 * for as long as the others need to come round writes into the record of another: then that event
 * is left out, or told with a field of the older one.
 */
import { taskIndex } from "../../arena/address.js";
import { add, load, store } from "../../arena/atomic.js";
import * as L from "../../arena/layout.js";
import { arenaTime, timeSince, timeSinceBoot } from "../../arena/clock.js";

/** A task died; value: its pid. */
export const TRACE_DEATH = 1;
/** A task was started; value: its pid. */
export const TRACE_START = 2;
/** A connection was recovered; value: its coid. */
export const TRACE_RECOVERED = 3;
/** A recovery function threw; value: the coid. The text went to the host's log. */
export const TRACE_RECOVERY_THREW = 4;
/** A recovery function is called; value: the coid. One of the others follows, or a death. */
export const TRACE_RECOVERING = 5;
/** A recovery function has returned without the connection; value: its coid. */
export const TRACE_RECOVERY_FAILED = 6;

/** Names of the events, in the order of their numbers from 1. */
const NAMES: readonly string[] = Object.freeze([
  "death",
  "start",
  "recovered",
  "recovery-threw",
  "recovering",
  "recovery-failed",
]);

/** Records an event of this VM's task. Never blocks; overwrites the oldest. */
export function trace(event: number, value: number): void {
  const count = $words[L.HEAD_TRACE_RECORDS];
  if (count === 0) return;
  let number = (add($words, L.HEAD_TRACE, 1) + 1) | 0;
  // 0 is none: the count has begun again.
  if (number === 0) number = (add($words, L.HEAD_TRACE, 1) + 1) | 0;
  const record = $words[L.HEAD_TRACE_AT] + ((number >>> 0) % count) * L.TRACE_WORDS;
  store($words, record + L.TRACE_NUMBER, 0);
  store($words, record + L.TRACE_MS, arenaTime());
  store($words, record + L.TRACE_EVENT, (event << 16) | taskIndex($me));
  store($words, record + L.TRACE_VALUE, value);
  store($words, record + L.TRACE_NUMBER, number);
}

/** One event, decoded. */
export interface TraceRecord {
  readonly number: number;
  /** Milliseconds since boot; right for 49.7 days after the event. */
  readonly ms: number;
  readonly event: string;
  /** Index of the task that recorded it. */
  readonly task: number;
  readonly value: number;
}

/** The events still in the ring, oldest first. Allocates: for hosts, not for the message path. */
export function readTrace(): TraceRecord[] {
  const count = $words[L.HEAD_TRACE_RECORDS];
  const records: TraceRecord[] = [];
  const last = load($words, L.HEAD_TRACE);
  for (let age = count - 1; age >= 0; age--) {
    const number = (last - age) >>> 0;
    const record = $words[L.HEAD_TRACE_AT] + (number % count) * L.TRACE_WORDS;
    if (number === 0 || load($words, record + L.TRACE_NUMBER) >>> 0 !== number) continue;
    const at = load($words, record + L.TRACE_MS);
    const event = load($words, record + L.TRACE_EVENT);
    const value = load($words, record + L.TRACE_VALUE);
    // Again: another task may have come round, and be writing here.
    if (load($words, record + L.TRACE_NUMBER) >>> 0 !== number) continue;
    const now = timeSinceBoot();
    records.push({
      number,
      ms: Math.floor(Math.max(0, now - timeSince(at))),
      event: NAMES[(event >> 16) - 1] ?? String(event >> 16),
      task: event & 0xffff,
      value,
    });
  }
  return records;
}
