/**
 * What the manager shows of a task, to `reattach ps` and to programs. Types only.
 */
import type { PlaceView } from "../kernel/inspect/view.js";

/** Why a task is dead, on any host. */
export type DeathCause =
  /** It threw: in main(), at the top level of a module, or later in a callback. */
  | "throw"
  /** Its program does not compile or cannot be loaded. */
  | "syntax"
  /** process.exit() with another code than 0; only in Node.js. */
  | "exit"
  /** It needed more memory than its creation gives. */
  | "memory"
  /** It was killed: by a person, by a fault plan, or by an action of the manager. */
  | "killed"
  /** It missed its heartbeats, or held a message for longer than its answer_ms. */
  | "hung"
  /** It was ended to break a ring of tasks that waited for each other. */
  | "deadlock"
  /** It was told to stop, did not leave within its grace, and was ended by force. */
  | "stuck";

/** How far the VM is that stands by for a task. */
export type StandbyState = "none" | "starting" | "ready";

/**
 * What all incarnations of a task have counted since the start of the board, together; each begins
 * again at 0 when the board is restarted, and after 2^53.
 */
export interface TaskTotals {
  /** Messages sent. */
  readonly sent: number;
  /** Messages and pulses received. */
  readonly received: number;
  /** Times it went to sleep. */
  readonly sleeps: number;
  /** Connections recovered. */
  readonly recoveries: number;
}

/** A look at one task. */
export interface TaskStatus extends Omit<PlaceView, "isAlive"> {
  readonly name: string;
  /** Starts after the first one. */
  readonly restarts: number;
  /** Deaths; those while it was being stopped do not count. */
  readonly crashes: number;
  /** `counters`, and those of the incarnations before. */
  readonly totals: TaskTotals;
  /** Milliseconds until it is started again; null when that is not to come. */
  readonly startsIn_ms: number | null;
  /** It is not started again until it is released. */
  readonly isHeld: boolean;
  /** The step of its escalation ladder that its last restart took, "task" when it was none. */
  readonly step: string;
  /** Its last death; null when there was none. */
  readonly lastDeath: LastDeath | null;
  /** Its heartbeat; null when nobody watches for one. */
  readonly watch: WatchStatus | null;
  /**
   * For how long it has shown no sign of life: no pass through the kernel, no heartbeat, nothing
   * from its event loop. In milliseconds, known to about a second; to four in an event loop.
   */
  readonly silent_ms: number;
  /** For how long it recovers from what `recovers` says; 0 for less than a look, half a second. */
  readonly recovering_ms: number;
  /** Names of the ring that it waits in, beginning with its own; null while it waits in none. */
  readonly deadlock: readonly string[] | null;
  readonly standby: StandbyState;
  /** Bytes of state that it has committed and that its successor will find. */
  readonly stableBytes: number;
}

/** How a task died last. */
export interface LastDeath {
  readonly cause: DeathCause;
  /** One line: what it threw, the exit code. May be empty. */
  readonly text: string;
  /** Milliseconds since then. */
  readonly ago_ms: number;
}

/** How a task's heartbeat is. */
export interface WatchStatus {
  readonly period_ms: number;
  /** Periods in a row that ended without a sign of life. */
  readonly missed: number;
}

/** A directory of the manager's tree, as QNX shows it below /proc/ham: plain data. */
export interface HamDirectory {
  /** Its last part: "ham", an entity, a condition or an action. */
  readonly name: string;
  /** The lines of its .info file: what, and its value. */
  readonly info: readonly (readonly [what: string, value: string])[];
  readonly children: readonly HamDirectory[];
}
