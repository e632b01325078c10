/**
 * Claims on transfer slots, and the end of a slot's use by a task that is gone.
 *
 * A server claims a client's slot while it writes into the client's buffers. Its own record says
 * which one before it does (TASK_CLAIMING), so that a claim can be told from the mere word in a
 * slot, which its own task may have written there. A dead client's place is given to a successor
 * only when no server holds a claim on its slot. Whoever ends the claim, or the death report,
 * whichever comes last, frees the place. Shared buffers go with it: a server with a claim may be
 * writing into one.
 */
import { channelIn } from "../../arena/address.js";
import { cas, load, store } from "../../arena/atomic.js";
import * as L from "../../arena/layout.js";
import { ring } from "./doorbell.js";

/** REPLY -> CLAIMED from exactly this state; false when the message ended just before. */
export function claim(task: number, waiting: number): boolean {
  const claimed = (waiting & ~L.SLOT_STATE_MASK) | L.SLOT_CLAIMED;
  // Announced, then claimed: who finds the claim finds the claimant.
  $own[L.TASK_CLAIMING] = task;
  if (cas($words, task + L.SLOT_STATE, waiting, claimed) === waiting) return true;
  $own[L.TASK_CLAIMING] = 0;
  return false;
}

/**
 * Ends our claim: SLOT_DONE for an answer, SLOT_REPLY to leave the client waiting. If the client
 * died meanwhile its death has left the slot to us: publish the state, then look at its life.
 */
export function endClaim(task: number, waiting: number, kind: number): void {
  store($words, task + L.SLOT_STATE, (waiting & ~L.SLOT_STATE_MASK) | kind);
  const life = load($words, task + L.TASK_LIFE);
  // After that look, which no processor moves before the publishing: who sees no claimant any more
  // finds the claim ended.
  $own[L.TASK_CLAIMING] = 0;
  if ((life & L.LIFE_MASK) !== L.LIFE_ALIVE) releasePlace(task);
  else if (kind === L.SLOT_DONE) ring(task);
}

/**
 * Takes back what a dead task had outstanding and, when its death has been worked through and no
 * claim is left, frees its shared buffers and its place. Idempotent; called by the death report and
 * by ends of claims.
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
    if (slot !== L.SLOT_SEND && slot !== L.SLOT_REPLY && slot !== L.SLOT_CLAIMED) break;
    if (slot === L.SLOT_CLAIMED && hasClaimant(task)) return;
    const idle = (state & ~L.SLOT_STATE_MASK) | L.SLOT_IDLE;
    if (cas($words, task + L.SLOT_STATE, state, idle) === state) break;
  }
  if (kind !== L.LIFE_DRAINED) return;
  // Not before: a server with a claim may have been writing into one.
  const index = (task - L.TASKS_AT) >> L.TASK_SHIFT;
  dropShared(((life >>> L.LIFE_BITS) << L.PID_INDEX_BITS) | index);
  const next = ((life >>> L.LIFE_BITS) + 1) & L.TASK_GENERATION_MASK || 1;
  cas($words, task + L.TASK_LIFE, life, (next << L.LIFE_BITS) | L.LIFE_FREE);
}

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

/** Address of the owner word of the n-th buffer. */
export function sharedOwnerAt(index: number): number {
  return $words[L.HEAD_SHARED_OWNERS_AT] + index;
}

/** Frees the shared buffers of a dead task, into which no server writes any more. Idempotent. */
function dropShared(owner: number): void {
  for (let i = 0; i < $words[L.HEAD_SHARED_BUFFERS]; i++) cas($words, sharedOwnerAt(i), owner, 0);
}
