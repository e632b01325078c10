/**
 * Priorities that are passed on: a server runs at least as urgently as the most urgent of those
 * that wait for it, unless its channel says that it keeps its own.
 *
 * The word is written by its task, when it receives, and raised by whoever queues for it. So a
 * client makes its arrival visible and then looks at the priority; a server writes its priority and
 * then looks at who has arrived. Either the server sees the arrival or the client sees what the
 * server has written, and raises it. Writes TASK_PRIORITY.
 */
import { cellsAt } from "../../arena/address.js";
import { cas, load, store } from "../../arena/atomic.js";
import { isPulseFull } from "./ticket.js";
import { _NTO_CHF_FIXED_PRIORITY, pulsesOf } from "./channel.js";
import * as L from "../../arena/layout.js";
import { PRIORITY_MAX, PRIORITY_MIN, priorityOf } from "../task/task.js";

/** Raises of others that get in between; only a task that writes over its own makes it more. */
export const RAISES_MAX = 8;

/** True for a channel that leaves its server's priority alone. */
function isFixed(channel: number): boolean {
  return ($words[channel + L.CHANNEL_FLAGS] & _NTO_CHF_FIXED_PRIORITY) !== 0;
}

/** The server of a channel that something has been queued for runs at least at this priority. */
export function raisePriority(channel: number, server: number, priority: number): void {
  if (isFixed(channel)) return;
  for (let tries = 0; tries < RAISES_MAX; tries++) {
    const now = load($words, server + L.TASK_PRIORITY);
    if (now >= priority) return;
    if (cas($words, server + L.TASK_PRIORITY, now, priority) === now) return;
  }
}

/** The receiver goes on at the priority of what it received, or of what waits if that is higher. */
export function takePriority(channel: number, priority: number): void {
  // Not written when it is the same: others look at this cache line whenever they ring.
  if ($own[L.TASK_PRIORITY] === priority) return;
  // A client writes its own priority, and a wrong one must not become its server's.
  if (isFixed(channel) || !(priority >= PRIORITY_MIN && priority <= PRIORITY_MAX)) return;
  store($own, L.TASK_PRIORITY, priority);
  const waiting = mostUrgent(channel);
  if (waiting > priority) raisePriority(channel, $me, waiting);
}

/** The highest priority of what waits on an own channel; 0 when nothing does. */
function mostUrgent(channel: number): number {
  let most = 0;
  for (let word = 0; word < $words[L.HEAD_PENDING_WORDS]; word++) {
    let pending = load($words, channel + L.CHANNEL_PENDING + word);
    while (pending !== 0) {
      const bit = pending & -pending;
      pending ^= bit;
      const index = (word << 5) + 31 - Math.clz32(bit);
      if (index >= $words[L.HEAD_PLACES]) continue;
      const task = L.TASKS_AT + (index << L.TASK_SHIFT);
      // A bit may be stale: it says nothing when that task sends to nobody here.
      const state = load($words, task + L.SLOT_STATE);
      if ((state & L.SLOT_STATE_MASK) !== L.SLOT_SEND) continue;
      if ($words[task + L.SLOT_CHANNEL] !== channel) continue;
      const priority = priorityOf(task);
      if (priority > most) most = priority;
    }
  }
  if ((load($words, channel + L.CHANNEL_NOTICE) & L.NOTICE_PULSE) === 0) return most;
  const cells = cellsAt(channel);
  for (let i = 0; i < pulsesOf(channel); i++) {
    const cell = cells + i * L.PULSE_WORDS;
    if (!isPulseFull(load($words, cell + L.PULSE_STATE))) continue;
    const priority = $words[cell + L.PULSE_CODE] & PRIORITY_MAX;
    if (priority > most) most = priority;
  }
  return most;
}
