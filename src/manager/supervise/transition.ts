/**
 * The table: what an event makes of a task's state, and what is to be done about it.
 *
 * Pure functions of the state, the event and the clock. One function for each event, in the order
 * of state.ts; an event that means nothing in a state leaves it as it is.
 */
import type { DeathCause } from "../status.js";
import * as E from "./effects.js";
import type { Effect } from "./effects.js";
import * as S from "./state.js";
import type { TaskEvent, TaskState } from "./state.js";

/** What comes of an event. The very same state when nothing does. */
export interface Transition {
  readonly state: TaskState;
  /** In the order in which they are to be done. */
  readonly effects: readonly Effect[];
}

const FORGET: Effect = Object.freeze({ does: E.FORGET });
const RENEW: Effect = Object.freeze({ does: E.RENEW });
const LAUNCH: Effect = Object.freeze({ does: E.LAUNCH });
const LEAVE: Effect = Object.freeze({ does: E.LEAVE });
const END: Effect = Object.freeze({ does: E.END });

const ON_HOLD: TaskState = Object.freeze({ kind: S.HELD });

function to(state: TaskState, ...effects: readonly Effect[]): Transition {
  return { state, effects };
}

/** What becomes of a task in `state` by `event` at the time `now`. */
export function transition(state: TaskState, event: TaskEvent, now: number): Transition {
  switch (event.type) {
    case S.START:
      return start(state, now);
    case S.REVIVE:
      return revive(state, event.due_ms);
    case S.RESTART:
      return restart(state, now);
    case S.STOP:
      return stop(state);
    case S.KILL:
      return kill(state, event.cause, event.text);
    case S.TERMINATE:
      return S.isAlive(state) ? to(dying(state, "killed", ""), LEAVE) : to(state);
    case S.HOLD:
      return hold(state);
    case S.RELEASE:
      return release(state, now);
    case S.DUE:
      return due(state);
    case S.UNNEEDED:
      return S.isAlive(state) && state.next === S.NEXT_STOP
        ? to(leaving(state, S.NEXT_STOP, S.ALONE), LEAVE)
        : to(state);
    case S.GATHER:
      return gather(state, event.cohort, now);
    case S.ATTACHED:
      return state.kind === S.ATTACHING ? ready(state) : to(state);
    case S.LATE:
      return state.kind === S.LOADING || state.kind === S.ATTACHING
        ? to(dying(state, "hung", event.text), END)
        : to(state);
    case S.STARTED:
      return started(state, event.pid, now + (event.load_ms === 0 ? Infinity : event.load_ms));
    case S.LOADED:
      return loaded(state, event.pid, event.needsServices);
    case S.GONE:
      return gone(state, event, now);
    case S.UNENDING:
      return unending(state, event.pid, event.text);
  }
}

// -------------------------------------------------------------------------------------------
// Parts of states.

function ordered(due_ms: number, cohort = S.ALONE): TaskState {
  return { kind: S.ORDERED, due_ms, cohort };
}

function leaving({ pid }: S.Up, next: S.Next, cohort: S.Cohort): TaskState {
  return { kind: S.LEAVING, pid, next, cohort };
}

function dying({ pid, next }: S.Up, cause: DeathCause, text: string): TaskState {
  return { kind: S.DYING, pid, next, cause, text };
}

/** Was it told to leave? If it is held it was by a restart, which the hold has stopped half way. */
function wasToLeave(state: S.Up): boolean {
  return state.kind === S.LEAVING || (state.kind === S.STUCK && state.cause === null);
}

function ready({ pid, next }: S.Starting): Transition {
  return to({ kind: S.RUNNING, pid, next }, { does: E.TELL_READY, pid });
}

// -------------------------------------------------------------------------------------------
// Orders.

function start(state: TaskState, now: number): Transition {
  if (state.kind === S.IDLE || state.kind === S.HELD) return to(ordered(now), RENEW, FORGET);
  if (!S.isUp(state)) return to(state);
  const { next } = state;
  if (next !== S.NEXT_HOLD && next !== S.NEXT_STOP) return to(state);
  if (S.isAlive(state)) return to({ ...state, next: S.NEXT_POLICY }, FORGET);
  const again: TaskState = { ...state, next: S.NEXT_START };
  return next === S.NEXT_STOP ? to(again, RENEW, FORGET) : to(again, FORGET);
}

function revive(state: TaskState, due_ms: number): Transition {
  if (state.kind === S.IDLE || state.kind === S.HELD) return to(ordered(due_ms));
  const isLost = S.isEnding(state) && (state.next === S.NEXT_HOLD || state.next === S.NEXT_STOP);
  return isLost ? to({ ...state, next: S.NEXT_START }) : to(state);
}

function restart(state: TaskState, now: number): Transition {
  if (!S.isUp(state)) return to(ordered(now), FORGET);
  if (S.isEnding(state)) return to({ ...state, next: S.NEXT_START }, FORGET);
  return to(leaving(state, S.NEXT_START, S.ALONE), FORGET, LEAVE);
}

function stop(state: TaskState): Transition {
  return S.isUp(state) ? to({ ...state, next: S.NEXT_STOP }) : to(S.AT_REST);
}

/** One that leaves is ended sooner, and that is still no death. */
function kill(state: TaskState, cause: DeathCause, text: string): Transition {
  if (S.isAlive(state) || state.kind === S.DYING) return to(dying(state, cause, text), END);
  return S.isUp(state) ? to(state, END) : to(state);
}

function hold(state: TaskState): Transition {
  if (!S.isUp(state)) return to(ON_HOLD);
  return state.next === S.NEXT_STOP ? to(state) : to({ ...state, next: S.NEXT_HOLD });
}

function release(state: TaskState, now: number): Transition {
  if (state.kind === S.HELD) return to(ordered(now), FORGET);
  if (!S.isUp(state) || state.next !== S.NEXT_HOLD) return to(state);
  return to({ ...state, next: wasToLeave(state) ? S.NEXT_START : S.NEXT_POLICY }, FORGET);
}

// -------------------------------------------------------------------------------------------
// What time and other tasks bring about.

function due(state: TaskState): Transition {
  if (state.kind !== S.ORDERED && state.kind !== S.BACKOFF) return to(state);
  const next = S.NEXT_POLICY;
  return to({ kind: S.LAUNCHING, pid: 0, next, limit_ms: Infinity }, LAUNCH);
}

/** Who is dying or held, or is to stop, goes its own way. */
function gather(state: TaskState, cohort: S.Cohort, now: number): Transition {
  if (state.kind === S.ORDERED || state.kind === S.BACKOFF) return to(ordered(now, cohort));
  if (S.isAlive(state) && state.next === S.NEXT_POLICY) {
    return to(leaving(state, S.NEXT_START, cohort), LEAVE);
  }
  const isLeaving = state.kind === S.LEAVING && state.next === S.NEXT_START;
  return isLeaving ? to({ ...state, cohort }) : to(state);
}

// -------------------------------------------------------------------------------------------
// What the host tells.

/** One that was told to leave before it had a VM may have one all the same. */
function started(state: TaskState, pid: number, limit_ms: number): Transition {
  if (!S.isUp(state) || state.pid !== 0) return to(state);
  const told: Effect = { does: E.TELL_STARTED, pid };
  if (!S.isAlive(state)) return to({ ...state, pid }, told);
  return to({ kind: S.LOADING, pid, next: state.next, limit_ms }, told);
}

function loaded(state: TaskState, pid: number, needsServices: boolean): Transition {
  if (!S.isAbout(state, pid) || state.kind !== S.LOADING) return to(state);
  return needsServices ? to({ ...state, kind: S.ATTACHING }) : ready(state);
}

function unending(state: TaskState, pid: number, text: string): Transition {
  if (!S.isAbout(state, pid)) return to(state);
  if (state.kind !== S.LEAVING && state.kind !== S.DYING) return to(state);
  const { next } = state;
  const cause = state.kind === S.DYING ? state.cause : null;
  return to({ kind: S.STUCK, pid, next, cause, text }, { does: E.TELL_STUCK, pid, text });
}

function gone(state: TaskState, event: S.Gone, now: number): Transition {
  if (!S.isAbout(state, event.pid)) return to(state);
  const told = tellOf(state, event);
  switch (state.next) {
    case S.NEXT_STOP:
      return to(S.AT_REST, told);
    case S.NEXT_START:
      return to(ordered(now, state.kind === S.LEAVING ? state.cohort : S.ALONE), told);
    case S.NEXT_HOLD: {
      const isToStart = wasToLeave(state) || event.verdict.isRestarted;
      return to(isToStart ? ON_HOLD : S.AT_REST, told);
    }
    case S.NEXT_POLICY:
      return follow(event.verdict, told);
  }
}

function follow(verdict: S.Verdict, told: Effect): Transition {
  const { isRestarted, step, due_ms, cohort } = verdict;
  if (!isRestarted) return to(S.AT_REST, told);
  const followed: Effect = { does: E.FOLLOW, verdict };
  if (step === "hold") return to(ON_HOLD, told, followed);
  return to({ kind: S.BACKOFF, due_ms, cohort }, told, followed);
}

/** Its end, as listeners are told of it. */
function tellOf(state: S.Up, { pid, cause: seen, text }: S.Gone): Effect {
  const cause = toldCause(state, seen);
  const isStopped = wasToLeave(state);
  if (cause === null) return { does: E.TELL_ENDED, pid, isStopped };
  const isOrdered = state.kind === S.DYING && state.text !== "" && isByForce(seen);
  return { does: E.TELL_DIED, pid, cause, text: isOrdered ? state.text : text, isStopped };
}

/** What the end of a task in this state is called, of which the host has seen `cause`. */
export function toldCause(state: S.Up, cause: DeathCause | null): DeathCause | null {
  const isOrdered = state.kind === S.DYING || state.kind === S.STUCK;
  return isOrdered && state.cause !== null && isByForce(cause) ? state.cause : cause;
}

/** Is this how an end by order looks? What it threw meanwhile is told instead. */
function isByForce(cause: DeathCause | null): boolean {
  return cause === null || cause === "killed" || cause === "stuck";
}
