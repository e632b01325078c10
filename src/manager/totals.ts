/**
 * Counts that outlive a death: the arena has only those of the incarnation that runs, and forgets
 * them when its place is claimed for the next.
 */
import * as L from "../arena/layout.js";
import { type PlaceView, countersOf, type TaskCounters } from "../kernel/inspect/view.js";
import type { TaskStatus, TaskTotals } from "./status.js";
import type { ManagedTask } from "./supervise/managed-task.js";

const NOTHING: TaskTotals = Object.freeze({ sent: 0, received: 0, sleeps: 0, recoveries: 0 });

/** Keeps what the incarnation in its place has counted, which is gone. */
export function collect(task: ManagedTask): void {
  task.past = sum(task.past ?? NOTHING, countersOf(L.TASKS_AT + (task.place << L.TASK_SHIFT)));
}

/** What all incarnations have counted; `counters` are those of the one that is in its place. */
export function totalsOf({ past, pid }: ManagedTask, counters: TaskCounters): TaskTotals {
  const before = past ?? NOTHING;
  // Without a VM it has what the last one has left there, which is in `past` already.
  return pid === 0 ? before : sum(before, counters);
}

function sum(before: TaskTotals, { sent, received, sleeps, recoveries }: TaskTotals): TaskTotals {
  return {
    sent: before.sent + sent,
    received: before.received + received,
    sleeps: before.sleeps + sleeps,
    recoveries: before.recoveries + recoveries,
  };
}

/** The main VM as a task: nobody starts, watches or restarts it. */
export function mainStatus(view: PlaceView): TaskStatus {
  const { isAlive: _, ...place } = view;
  const { sent, received, sleeps, recoveries } = place.counters;
  return {
    name: "main",
    ...place,
    restarts: 0,
    crashes: 0,
    totals: { sent, received, sleeps, recoveries },
    startsIn_ms: null,
    isHeld: false,
    step: "task",
    lastDeath: null,
    watch: null,
    silent_ms: 0,
    recovering_ms: 0,
    deadlock: null,
    standby: "none",
    stableBytes: 0,
  };
}
