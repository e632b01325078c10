/**
 * QNX's example of how heartbeats are sampled, five times as fast: with a period of 1 s, beats at
 * 0.4, 1.4 and 1.6 s miss nothing, since the manager looks at the end of each period and the last
 * two count as one. Then the task only looks busy. It has said what is to happen: a line at the low
 * mark, its end at the high one. Its restart policy starts it again.
 */
import { delay, getpid, stableCommit, stableRead, uptime } from "reattach";
import {
  CONDHBEATMISSEDHIGH,
  CONDHBEATMISSEDLOW,
  ham_action_log,
  ham_action_notify_signal,
  ham_attach_self,
  ham_condition,
  ham_heartbeat,
  HAMHBEATMIN,
  SIGKILL,
} from "reattach/ham";
import { must } from "must";

const BEATS_MS: readonly number[] = Object.freeze([400, 1_400, 1_600]);
const BEAT_MS = 400;
/** Missed periods in a row until the low mark, and until the high one. */
const LOW = 1;
const HIGH = 2;

/** A second, in nanoseconds, is the shortest period there is. */
function attach(): void {
  const entity = must(ham_attach_self("heart", HAMHBEATMIN, LOW, HIGH, 0), "attach");
  const low = must(ham_condition(entity, CONDHBEATMISSEDLOW, "low", 0), "low");
  must(ham_action_log(low, "say", "the worker has missed a beat", 0, 0, 0), "log");
  const high = must(ham_condition(entity, CONDHBEATMISSEDHIGH, "high", 0), "high");
  must(ham_action_log(high, "say", "the worker hangs", 0, 0, 0), "log");
  must(ham_action_notify_signal(high, "kill", 0, getpid(), SIGKILL, 0, 0, 0), "signal");
}

function beatAsQnx(): void {
  const start = uptime();
  for (let i = 0; i < BEATS_MS.length; i++) {
    delay(start + BEATS_MS[i]! - uptime());
    ham_heartbeat();
  }
}

export function main(): void {
  const life = new Uint8Array(1);
  const isFirst = stableRead(life) === 0;
  stableCommit(life, 1);
  attach();
  trace(isFirst ? "worker: runs\n" : "done: the worker runs again\n");
  if (isFirst) beatAsQnx();
  for (;;) {
    // Passing through the kernel is no heartbeat for a task that has attached itself.
    if (!isFirst) ham_heartbeat();
    delay(BEAT_MS);
  }
}
