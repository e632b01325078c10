/**
 * What a scenario is: a few tasks with a conversation small enough that all its schedules can be
 * tried. Scenarios are written like any program (scenarios/), and rewritten with the kernel.
 */
import type { Vm } from "../../../src/arena/vm.js";

/** One thread of a scenario. */
export interface Actor {
  readonly name: string;
  /** The VM it runs in, or how to attach it when it starts. */
  readonly vm: Vm | (() => Vm);
  readonly act: () => void;
  /** It may be killed, at any point. */
  readonly isMortal?: boolean;
  /** It need not come to an end: a server that waits for more. */
  readonly isDaemon?: boolean;
  /** It starts when this actor has been killed, and else never: who reports the death. */
  readonly onDeathOf?: string;
  /** It starts when these have ended, in whatever way. */
  readonly after?: readonly string[];
}

/** How a run ended. */
export interface Outcome {
  readonly killed: ReadonlySet<string>;
  /** The clock, in milliseconds: above 0 when only the end of a slice went on. */
  readonly clock: number;
}

/** A scenario that has been set up, for one run. */
export interface Cast {
  readonly actors: readonly Actor[];
  /** Throws when what the actors saw cannot be. */
  readonly check: (outcome: Outcome) => void;
}

export interface Scenario {
  /** Short, for replay strings. */
  readonly name: string;
  /** What it is about. */
  readonly title: string;
  /** Sets it up anew, without being interrupted. */
  readonly cast: () => Cast;
  /** Ends the life of all that is left, and throws when something stays behind. */
  readonly strike: () => void;
  /** Most kills in a run. Default 1; 0 where nobody is mortal. */
  readonly kills?: number;
  /** Times that the clock may jump to, at any point: for limits that come at the worst moment. */
  readonly jumps_ms?: readonly number[];
  /** Somebody has to wait for the end of a slice or a limit, without any wake-up being lost. */
  readonly needsTime?: boolean;
  /** Each operation is a point of decision: what it touches nobody else does while it lives. */
  readonly stopsAlways?: boolean;
  /** Even a short search has so many preemptions: it is small, or has found a bug with them. */
  readonly shortPreemptions?: number;
  /** It has so many threads, or deaths, that it is searched with one preemption less, or two. */
  readonly fewerPreemptions?: number;
}
