/**
 * What the supervisor tells. Types only.
 */
import type { DeathCause } from "../status.js";
import type { ManagedTask } from "./managed-task.js";
import type { TaskOrder } from "./outcome.js";

/** One death. */
export interface TaskDeath {
  readonly name: string;
  /** 0 when it died before it had one: its program does not compile. */
  readonly pid: number;
  readonly cause: DeathCause;
  /** What it threw, esbuild's message, the exit code; may be empty. */
  readonly text: string;
  /** How long it has lived, in milliseconds: from the order to start it. */
  readonly lifetime_ms: number;
}

/** What the supervisor tells when it has decided and acted. What a listener throws is reported. */
export interface SupervisorEvents {
  /** Its VM exists. */
  started(task: ManagedTask, pid: number): void;
  /** Its program is loaded, and the services that its manifest names are attached. */
  ready(task: ManagedTask, pid: number): void;
  /** `isStopped`: while it was being stopped, so nothing follows. */
  died(task: ManagedTask, death: TaskDeath, isStopped: boolean): void;
  /** It has ended by itself, or obeyed the order to stop. */
  ended(task: ManagedTask, pid: number, isStopped: boolean): void;
  /** Somebody wants something done with it: who. Told before what follows from it. */
  ordered(task: ManagedTask, order: TaskOrder, by: string): void;
  /** It could not be ended: nothing more can be done about it but to restart the board. */
  stuck(task: ManagedTask, pid: number, text: string): void;
}
