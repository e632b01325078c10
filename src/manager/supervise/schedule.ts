/**
 * Whose time has come: questions about tasks that poll() asks at every tick. None allocates.
 */
import { type ManagedTask, SPARE_NONE } from "./managed-task.js";
import * as S from "./state.js";

/** How often to look whether somebody has left the debugger. */
const DEBUGGER_LOOK_MS = 1_000;

/** Tasks by their places. */
export type Places = readonly (ManagedTask | null)[];

/** May a task that waits be started, now that its time has come? */
export function mayStart(task: ManagedTask, state: S.Waiting, places: Places): boolean {
  for (let i = 0; i < task.needs.length; i++) {
    if (S.isToBeReady(task.needs[i]!.state)) return false;
  }
  // In BACKOFF nobody of them has been told to leave yet.
  if (state.kind === S.BACKOFF) return true;
  for (let i = 0; i < state.cohort.length; i++) {
    const { kind } = places[state.cohort[i]!]!.state;
    if (kind === S.LEAVING || kind === S.DYING) return false;
  }
  return true;
}

/** Is one of those that depend on it still there, and on its way out for good? */
export function isNeeded({ dependents }: ManagedTask): boolean {
  for (let i = 0; i < dependents.length; i++) {
    const { state } = dependents[i]!;
    if (S.isUp(state) && state.kind !== S.STUCK && state.next === S.NEXT_STOP) return true;
  }
  return false;
}

/** Is a VM to be made that stands by for it? */
export function needsSpare(task: ManagedTask): boolean {
  return task.spec.standby && task.spare === SPARE_NONE && task.isReady && task.isWanted;
}

/** When there is something to be decided about a task, if nothing happens before; or Infinity. */
export function dueOf(task: ManagedTask, now: number, places: Places, isRetired: boolean): number {
  const { state } = task;
  switch (state.kind) {
    case S.BACKOFF:
    case S.ORDERED:
      if (isRetired && state.kind === S.BACKOFF) return Infinity;
      // One that waits for others is looked at when something happens to them.
      return state.due_ms > now || mayStart(task, state, places) ? state.due_ms : Infinity;
    case S.ATTACHING:
    // Who registers a name rings the main VM.
    case S.LOADING:
      // Past its limit it is under a debugger, which somebody may leave.
      return state.limit_ms > now ? state.limit_ms : now + DEBUGGER_LOOK_MS;
    case S.RUNNING:
      return needsSpare(task) ? task.spareDue_ms : Infinity;
    default:
      return Infinity;
  }
}

/**
 * Who leaves together: the members of a cohort, and those that others of them, who wait to be
 * restarted too, bring along.
 */
export function cohortWith(cohort: S.Cohort, places: Places): S.Cohort {
  const all = cohort.slice();
  // It grows while it is gone through.
  for (const place of all) {
    const { state } = places[place]!;
    if (state.kind !== S.BACKOFF) continue;
    for (const other of state.cohort) if (!all.includes(other)) all.push(other);
  }
  return all;
}
