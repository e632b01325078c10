/**
 * Tasks: the places in the arena, their pids and lives. What the host calls to start a task, and
 * the small questions the kernel asks about one. Writes TASK_LIFE (claim only; death.ts ends it).
 */
import { isInt32 } from "../argument.js";
import { taskIndex } from "../../arena/address.js";
import { cas, load, store } from "../../arena/atomic.js";
import { EAGAIN } from "../errno.js";
import * as L from "../../arena/layout.js";
import { releasePlace, hasClaimant } from "./claim.js";
import { ring } from "./doorbell.js";
import { clearWaiter } from "./waiters.js";

/** Lowest and highest priority. 0 is kept for the idle system, as in QNX. */
export const PRIORITY_MIN = 1;
export const PRIORITY_MAX = 63;

/** pid of the main VM: the first generation of the first place; it has one life. */
export const MAIN_PID = 1 << L.PID_INDEX_BITS;

/**
 * Address of the task record that a pid points at, whoever lives there now; 0 for no such place.
 */
export function placeOf(somePid: number): number {
  if (!isInt32(somePid) || somePid <= 0) return 0;
  const index = somePid & L.PID_INDEX_MASK;
  if (index >= $words[L.HEAD_PLACES]) return 0;
  return L.TASKS_AT + (index << L.TASK_SHIFT);
}

/** The pid of whoever lives, or last lived, in a place. */
export function pidAt(task: number): number {
  const generation = load($words, task + L.TASK_LIFE) >>> L.LIFE_BITS;
  return (generation << L.PID_INDEX_BITS) | taskIndex(task);
}

/** The priority a task runs at: whatever stands in its record, it is one that there is. */
export function priorityOf(task: number): number {
  const priority = $words[task + L.TASK_PRIORITY];
  return priority >= PRIORITY_MIN && priority <= PRIORITY_MAX ? priority : PRIORITY_MIN;
}

/** High part of the sequence of the task's slot when this incarnation began. */
export function firstHighOf(task: number): number {
  return $words[task + L.TASK_BASE_PRIORITY] >>> L.BASE_PRIORITY_BITS;
}

/** True while the task may run. */
export function isAlive(task: number): boolean {
  return (load($words, task + L.TASK_LIFE) & L.LIFE_MASK) === L.LIFE_ALIVE;
}

/** Address of the task with exactly this pid, when it is alive; else 0. */
export function aliveTask(somePid: number): number {
  const task = placeOf(somePid);
  return task !== 0 && isAlive(task) && pidAt(task) === somePid ? task : 0;
}

/**
 * Claims a place for a new incarnation, before its VM is started. Returns its pid, or -EAGAIN when
 * the one before it still lives, or has died but is not cleaned up yet (a server's claim on its
 * message has not ended): try again. Main VM only.
 */
export function claimTask(index: number, priority: number): number {
  const task = L.TASKS_AT + (index << L.TASK_SHIFT);
  // Again: its claimant may have gone without ending its claim.
  releasePlace(task);
  const life = load($words, task + L.TASK_LIFE);
  if ((life & L.LIFE_MASK) !== L.LIFE_FREE || !isSlotFree(task)) return -EAGAIN;
  const generation = life >>> L.LIFE_BITS;
  // Nobody else writes a free place: reset it first, claim it last.
  for (let field = L.TASK_LIFE + 1; field < L.SLOT_STATE; field++) {
    if (field !== L.TASK_BELL) store($words, task + field, 0);
  }
  clearWaiter(task);
  $words[task + L.TASK_RECEIVED] = 0;
  $words[task + L.TASK_SPIN] = 0;
  $words[task + L.TASK_SPIN_REST] = 0;
  $words[task + L.TASK_PRIORITY] = priority;
  $words[task + L.TASK_BASE_PRIORITY] =
    priority | (($words[task + L.SLOT_SEQ_HIGH] & L.SEQ_HIGH_MASK) << L.BASE_PRIORITY_BITS);
  $words[task + L.TASK_FIRST_SEQ] = load($words, task + L.SLOT_STATE) >>> L.SLOT_STATE_BITS;
  const alive = (generation << L.LIFE_BITS) | L.LIFE_ALIVE;
  if (cas($words, task + L.TASK_LIFE, life, alive) !== life) return -EAGAIN;
  return (generation << L.PID_INDEX_BITS) | index;
}

/** What the slot of a free place says is the dead task's doing; but a claim on it may be true. */
function isSlotFree(task: number): boolean {
  const state = load($words, task + L.SLOT_STATE);
  const kind = state & L.SLOT_STATE_MASK;
  if (kind !== L.SLOT_SEND && kind !== L.SLOT_REPLY && kind !== L.SLOT_CLAIMED) return true;
  if (kind === L.SLOT_CLAIMED && hasClaimant(task)) return false;
  const idle = (state & ~L.SLOT_STATE_MASK) | L.SLOT_IDLE;
  return cas($words, task + L.SLOT_STATE, state, idle) === state;
}

/** Gives a task an order (POISON_) in the place of the one it may have, and rings it. */
export function poison(task: number, order: number): void {
  store($words, task + L.TASK_POISON, order);
  ring(task);
}
