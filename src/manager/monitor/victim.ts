/**
 * Who is ended to break a deadlock: pure functions.
 */

/** What is compared of a task. */
export interface Ranked {
  readonly place: number;
  /** When its last incarnation was launched. */
  readonly started_ms: number;
  readonly spec: { readonly priority: number };
}

/** Is the first the one to lose? The less urgent; of equals the one that has run for less long. */
function isLesser(one: Ranked, other: Ranked): boolean {
  if (one.spec.priority !== other.spec.priority) return one.spec.priority < other.spec.priority;
  if (one.started_ms !== other.started_ms) return one.started_ms > other.started_ms;
  return one.place > other.place;
}

/** The one of a ring that is ended: the others then go on. */
export function victimOf<Task extends Ranked>(ring: readonly Task[]): Task | null {
  let victim: Task | null = null;
  for (const task of ring) if (victim === null || isLesser(task, victim)) victim = task;
  return victim;
}
