/**
 * Who has claimed a slot, and a client's own way out when nobody can end its message any more.
 *
 * A claim is a word in the client's slot, which its own task may have written there; the claimant's
 * record says which slot it has claimed (TASK_CLAIMING), before it does. Writes SLOT_STATE of the
 * own slot, by compare-exchange.
 */
import { cas, load } from "../../arena/atomic.js";
import { channelIn } from "../../arena/address.js";
import * as L from "../../arena/layout.js";

/** True when a task that may run says that it has claimed this task's slot, or is about to. */
export function hasClaimant(task: number): boolean {
  for (let index = 0; index < $words[L.HEAD_PLACES]; index++) {
    const other = L.TASKS_AT + (index << L.TASK_SHIFT);
    if ($words[other + L.TASK_CLAIMING] !== task) continue;
    if ((load($words, other + L.TASK_LIFE) & L.LIFE_MASK) === L.LIFE_ALIVE) return true;
  }
  return false;
}

/**
 * Ends the own message, as the death of its server would, when the channel it was sent to is no
 * more and nobody has ended it: a server that has written over its channel's record has hidden its
 * clients from its own death. For a client that has waited for a while.
 */
export function endUnanswerable(): void {
  const state = load($own, L.SLOT_STATE);
  const kind = state & L.SLOT_STATE_MASK;
  if (kind !== L.SLOT_SEND && kind !== L.SLOT_REPLY && kind !== L.SLOT_CLAIMED) return;
  const channel = channelIn($own[L.SLOT_CHANNEL]);
  if (channel !== 0 && load($words, channel + L.CHANNEL_LIFE) === $own[L.SLOT_CHANNEL_LIFE]) return;
  if (kind === L.SLOT_CLAIMED && hasClaimant($me)) return;
  cas($own, L.SLOT_STATE, state, (state & ~L.SLOT_STATE_MASK) | L.SLOT_GONE);
}
