/**
 * The life of a task: one state, and the table of what each event makes of it.
 *
 * transition() is pure: it looks at nothing but its arguments and calls nobody, so nothing can come
 * between a look at a state and the decision about it. What is to be done is returned as a list of
 * effects; supervisor.ts does it afterwards. README.md has the table as a picture.
 *
 * Kinds of states and of events are numbers: on XS each evaluation of a string allocates, and main
 * compares them at every tick.
 */
import type { DeathCause } from "../status.js";
import type { History, Step } from "./policy.js";

// -------------------------------------------------------------------------------------------
// States without a VM.

/** Not to run: it was never started, was stopped, or has ended. */
export const IDLE = 0;
/** It would be started, but not before somebody releases it. */
export const HELD = 1;
/** Its start was ordered. Those that depend on it wait for it. */
export const ORDERED = 2;
/** It is gone, and its policy starts it again. Nobody waits: it has had its chance. */
export const BACKOFF = 3;

// States in which the host is at work.

/** The host was told to start it; there is no VM yet. */
export const LAUNCHING = 4;
/** Its VM loads its program. */
export const LOADING = 5;
/** Its program is loaded; a service that its manifest names is not attached yet. */
export const ATTACHING = 6;
/** It is ready. */
export const RUNNING = 7;
/** It was told to leave, which is no death. */
export const LEAVING = 8;
/** It is being ended, which is a death. */
export const DYING = 9;
/** The host could not end it. */
export const STUCK = 10;

/** What follows when a VM is gone. */
export type Next = typeof NEXT_POLICY | typeof NEXT_START | typeof NEXT_HOLD | typeof NEXT_STOP;

/** Its restart policy says. */
export const NEXT_POLICY = 0;
/** It is started again. */
export const NEXT_START = 1;
/** If it would be started again, it is held. */
export const NEXT_HOLD = 2;
/** Nothing: it is to stop, when those that are to stop before it are gone. */
export const NEXT_STOP = 3;

/** The places of tasks that are restarted together: none is started before all are gone. */
export type Cohort = readonly number[];
export const ALONE: Cohort = Object.freeze([]);

export interface Idle {
  readonly kind: typeof IDLE;
}

export interface Held {
  readonly kind: typeof HELD;
}

export interface Waiting {
  readonly kind: typeof ORDERED | typeof BACKOFF;
  /** Not started before then. */
  readonly due_ms: number;
  /** In BACKOFF those that are to leave when it is due; in ORDERED those that have been told to. */
  readonly cohort: Cohort;
}

export interface Starting {
  readonly kind: typeof LAUNCHING | typeof LOADING | typeof ATTACHING;
  /** 0 while there is no VM. */
  readonly pid: number;
  readonly next: Next;
  /** When it must be ready; Infinity for no limit. */
  readonly limit_ms: number;
}

export interface Running {
  readonly kind: typeof RUNNING;
  readonly pid: number;
  readonly next: Next;
}

export interface Leaving {
  readonly kind: typeof LEAVING;
  readonly pid: number;
  readonly next: Next;
  readonly cohort: Cohort;
}

export interface Dying {
  readonly kind: typeof DYING;
  readonly pid: number;
  readonly next: Next;
  /** What its death is to be called, unless it has died of something else meanwhile. */
  readonly cause: DeathCause;
  readonly text: string;
}

export interface Stuck {
  readonly kind: typeof STUCK;
  readonly pid: number;
  readonly next: Next;
  /** As in DYING; null when it was told to leave. */
  readonly cause: DeathCause | null;
  readonly text: string;
}

export type TaskState = Idle | Held | Waiting | Starting | Running | Leaving | Dying | Stuck;

/** Before anybody has asked for it, and when it is over. */
export const AT_REST: TaskState = Object.freeze({ kind: IDLE });

// -------------------------------------------------------------------------------------------
// Events: what people and the manager order,

/** Start it, unless it runs. Ends a hold and takes back a stop. */
export const START = 0;
/** Start it when it may, unless it is up: an action of the manager asks for it. */
export const REVIVE = 1;
/** Stop it and start it again. */
export const RESTART = 2;
/** Stop it. */
export const STOP = 3;
/** End it as a crash would. */
export const KILL = 4;
/** Tell it to leave, and call that a death. */
export const TERMINATE = 5;
export const HOLD = 6;
export const RELEASE = 7;
// what time and other tasks bring about,
/** Its time has come, and nothing stands in the way of its start. */
export const DUE = 8;
/** It is to stop, and nobody is left that was to stop before it. */
export const UNNEEDED = 9;
/** It is restarted together with others. */
export const GATHER = 10;
/** The services that its manifest names are attached. */
export const ATTACHED = 11;
/** Its limit for getting ready is over. */
export const LATE = 12;
// and what the host tells.
/** Its VM exists. */
export const STARTED = 13;
/** Its program is loaded. */
export const LOADED = 14;
/** It is gone. */
export const GONE = 15;
/** It could not be ended. */
export const UNENDING = 16;

/** What the policy says of a task that is gone. */
export interface Verdict {
  /** Is it started again? */
  readonly isRestarted: boolean;
  readonly step: Step;
  readonly due_ms: number;
  /** Who is restarted with it; empty when it is restarted alone. */
  readonly cohort: Cohort;
  /** What to remember, and what to say. */
  readonly history: History;
  readonly notes: readonly string[];
  /** Of what it is gone. */
  readonly why: string;
}

export type TaskEvent =
  | {
      readonly type:
        | typeof START
        | typeof RESTART
        | typeof STOP
        | typeof TERMINATE
        | typeof HOLD
        | typeof RELEASE
        | typeof DUE
        | typeof UNNEEDED
        | typeof ATTACHED;
    }
  | { readonly type: typeof REVIVE; readonly due_ms: number }
  | { readonly type: typeof KILL; readonly cause: DeathCause; readonly text: string }
  | { readonly type: typeof GATHER; readonly cohort: Cohort }
  /** `text`: what is missing. */
  | { readonly type: typeof LATE; readonly text: string }
  | { readonly type: typeof STARTED; readonly pid: number; readonly load_ms: number }
  | { readonly type: typeof LOADED; readonly pid: number; readonly needsServices: boolean }
  | Gone
  | { readonly type: typeof UNENDING; readonly pid: number; readonly text: string };

export interface Gone {
  readonly type: typeof GONE;
  readonly pid: number;
  /** As the host tells it; null when it has ended by itself or as it was told to. */
  readonly cause: DeathCause | null;
  readonly text: string;
  readonly verdict: Verdict;
}

// -------------------------------------------------------------------------------------------
// Questions about a state.

/** States in which the host is at work. */
export type Up = Starting | Running | Leaving | Dying | Stuck;

/** Has it a VM, or is one being started? */
export function isUp(state: TaskState): state is Up {
  return state.kind >= LAUNCHING;
}

/** Is it up, and nobody has told it to leave? */
export function isAlive(state: TaskState): state is Starting | Running {
  return state.kind >= LAUNCHING && state.kind <= RUNNING;
}

/** Is it up, and on its way out? */
export function isEnding(state: TaskState): state is Leaving | Dying | Stuck {
  return state.kind >= LEAVING;
}

/** Is what the host tells of this pid about the VM that is there? 0: about one that was to come. */
export function isAbout(state: TaskState, pid: number): state is Up {
  return isUp(state) && state.pid === pid;
}

/** pid of its VM, 0 for none. */
export function pidOf(state: TaskState): number {
  return isUp(state) ? state.pid : 0;
}

/** Is it to run, now or when its time has come? */
export function isWanted(state: TaskState): boolean {
  return isUp(state) ? state.next !== NEXT_STOP : state.kind !== IDLE;
}

/** Is it not started again until it is released? */
export function isHeld(state: TaskState): boolean {
  return state.kind === HELD || (isUp(state) && state.next === NEXT_HOLD);
}

/** Is it on its way to being ready? Those that depend on it wait. */
export function isToBeReady(state: TaskState): boolean {
  if (state.kind === ORDERED) return true;
  if (state.kind >= LAUNCHING && state.kind <= ATTACHING) return true;
  return (state.kind === LEAVING || state.kind === DYING) && state.next === NEXT_START;
}
