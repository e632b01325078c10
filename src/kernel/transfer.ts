/**
 * The end of a transfer slot's use by a task that is gone.
 *
 * A dead client's place can be given to a successor only when no server holds a claim on its slot.
 * Whoever ends the claim, or the death report, whichever comes last, frees the place.
 */
import { cas, load } from "./atomic.js";
import * as L from "./layout.js";

/**
 * Takes back what a dead task had outstanding and, when its death has been worked through and no
 * claim is left, frees its place. Idempotent; called by the death report and by ends of claims.
 */
export function releasePlace(task: number): void {
  // The life before the slot: a claim that ends after we looked at the slot sees the life we saw,
  // or a later one, and calls this again.
  const life = load($words, task + L.TASK_LIFE);
  const kind = life & L.LIFE_MASK;
  if (kind !== L.LIFE_DEAD && kind !== L.LIFE_DRAINED) return;
  for (;;) {
    const state = load($words, task + L.SLOT_STATE);
    // The life again, after the state: a slow caller must not end the successor's message. A state
    // read while the dead incarnation still held the place is the dead one's.
    if (load($words, task + L.TASK_LIFE) !== life) return;
    const slot = state & L.SLOT_STATE_MASK;
    if (slot === L.SLOT_CLAIMED) return;
    if (slot !== L.SLOT_SEND && slot !== L.SLOT_REPLY) break;
    const idle = (state & ~L.SLOT_STATE_MASK) | L.SLOT_IDLE;
    if (cas($words, task + L.SLOT_STATE, state, idle) === state) break;
  }
  if (kind !== L.LIFE_DRAINED) return;
  const next = ((life >>> L.LIFE_BITS) + 1) & L.TASK_GENERATION_MASK || 1;
  cas($words, task + L.TASK_LIFE, life, (next << L.LIFE_BITS) | L.LIFE_FREE);
}
