/**
 * Who waits for a name: a bit for each task, before the name records. Whoever registers a name
 * rings them all, and the main VM.
 *
 * The waiter sets its bit, loads its doorbell, and then looks for the name; a server registers the
 * name and then reads the bits. So the look finds the name, or the server finds the bit. Who can
 * die or be late:
 * - a waiter that dies leaves its bit: nobody is rung for it, and the next task of its place begins
 *   without (claimTask). A death report does not clear it: it may come late, and meet the bit of
 *   the successor;
 * - a server that dies before it has rung takes its name with it, and its death rings everybody;
 * - a server that is late to ring: the waiter looks when its slice is over.
 */
import { taskIndex } from "../../arena/address.js";
import { and, load, or } from "../../arena/atomic.js";
import * as L from "../../arena/layout.js";
import { ring } from "./doorbell.js";

/** Address of the word with the bit of the task with this index. */
function wordAt(index: number): number {
  return $words[L.HEAD_NAMES_AT] - 1 - (index >> 5);
}

/**
 * This task waits for a name, until endWait(): called before each look for it. Returns the doorbell
 * for awaitBell().
 */
export function beginWait(): number {
  or($words, wordAt(taskIndex($me)), $vm.pendingBit);
  return load($own, L.TASK_BELL);
}

/** It waits no more. */
export function endWait(): void {
  clearWaiter($me);
  $own[L.TASK_SINCE] = 0;
}

/** The task at this address does not wait: itself, or main while the place is free. */
export function clearWaiter(task: number): void {
  const index = taskIndex(task);
  and($words, wordAt(index), ~(1 << (index & 31)));
}

/** A name has been registered. The main VM is always rung: its manager, or its send, may wait. */
export function ringWaiters(): void {
  ring(L.TASKS_AT);
  for (let word = 0; word < $words[L.HEAD_PENDING_WORDS]; word++) {
    let waiting = load($words, wordAt(word << 5));
    while (waiting !== 0) {
      const bit = waiting & -waiting;
      waiting ^= bit;
      const index = (word << 5) + 31 - Math.clz32(bit);
      if (index >= $words[L.HEAD_PLACES]) continue;
      const task = L.TASKS_AT + (index << L.TASK_SHIFT);
      if ((load($words, task + L.TASK_LIFE) & L.LIFE_MASK) === L.LIFE_ALIVE) ring(task);
    }
  }
}
