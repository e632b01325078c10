/**
 * What an order to stop, to kill, to start or to restart a task has come to. Every order ends in
 * one of these, whatever else happens meanwhile.
 */
import * as S from "./state.js";

/** How an order has ended. */
export type Outcome =
  /** It was carried out. */
  | "done"
  /** The VM could not be ended within the host's limit: it is still there. */
  | "stuck"
  /** A later order wants something else: this one is not carried out any more. */
  | "superseded"
  /** The board restarts, or has restarted: the task that was meant is gone with it. */
  | "rebooted";

/** What may be ordered of a task, as listeners are told. */
export type TaskOrder = "start" | "stop" | "kill" | "hang" | "hold" | "release" | "restart";

/** What was ordered. */
export const ORDER_START = 0;
export const ORDER_STOP = 1;
export const ORDER_KILL = 2;
export const ORDER_RESTART = 3;

export type OrderKind =
  typeof ORDER_START | typeof ORDER_STOP | typeof ORDER_KILL | typeof ORDER_RESTART;

/** An order under way. */
export interface Order {
  readonly kind: OrderKind;
  /** Called once. */
  readonly settle: (outcome: Outcome) => void;
}

/** From the one that says least to the one that says most. */
const BY_WEIGHT: readonly Outcome[] = Object.freeze(["done", "superseded", "stuck", "rebooted"]);

/** One outcome for an order about several tasks: that of the task for which it went worst. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  let worst = 0;
  for (const outcome of outcomes) worst = Math.max(worst, BY_WEIGHT.indexOf(outcome));
  return BY_WEIGHT[worst]!;
}

/**
 * What an order has come to, now that its task is in this state; null while it is under way.
 * `hasGone`: its VM has just gone, or the start of one has failed.
 */
export function outcomeOf(kind: OrderKind, state: S.TaskState, hasGone: boolean): Outcome | null {
  if (state.kind === S.STUCK) return "stuck";
  switch (kind) {
    case ORDER_START:
      return outcomeOfStart(state, hasGone);
    case ORDER_STOP:
      if (S.isWanted(state)) return "superseded";
      return S.isUp(state) ? null : "done";
    case ORDER_KILL:
      return S.isEnding(state) ? null : "done";
    case ORDER_RESTART:
      if (!S.isEnding(state)) return S.isWanted(state) && !S.isHeld(state) ? "done" : "superseded";
      return state.next === S.NEXT_START ? null : "superseded";
  }
}

/** Until the task has a VM, or its start has failed: what follows is for its policy. */
function outcomeOfStart(state: S.TaskState, hasGone: boolean): Outcome | null {
  if (state.kind === S.ORDERED) return null;
  if (!S.isUp(state)) {
    if (hasGone) return "done";
    return state.kind === S.BACKOFF ? null : "superseded";
  }
  if (S.isEnding(state)) return state.next === S.NEXT_START ? null : "superseded";
  if (state.next === S.NEXT_STOP) return "superseded";
  return state.kind === S.LAUNCHING ? null : "done";
}
