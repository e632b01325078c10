/**
 * What the manager has a host do with the VMs of tasks. Types only.
 *
 * A host knows how to start a VM, how to end one, and when one is gone; it decides nothing. Nothing
 * here blocks: what comes of a call is told by an event.
 */
import type { TaskSpec } from "./supervise/task-spec.js";
import type { DeathCause, StandbyState } from "./status.js";

/** What a host does. A place is the index of a task in the arena, from 1 on. */
export interface TaskHost {
  /** Milliseconds of the monotonic clock of the main VM's port. */
  now(): number;
  /** A line for the people who watch. */
  log(text: string): void;
  /** A listener has thrown this: tells those who watch, and goes on. Never throws. */
  report(error: unknown): void;
  /** Is there a module of this name for a task to run? */
  hasModule(module: string): boolean;
  /**
   * Starts the next incarnation of a task, or calls the VM that stands by for it. Only while it has
   * none. Told by started() and ready(), or by gone().
   */
  launch(place: number, spec: TaskSpec): void;
  /**
   * Tells the incarnation to leave; past its grace by force, or by the board's restart where a task
   * cannot be ended by force. Told by gone(). Does nothing when there is none, or it was told.
   */
  leave(place: number): void;
  /** Ends the incarnation as a crash would, wherever it is if the host can. Told by gone(). */
  kill(place: number): void;
  /** Fault injection: it hangs at its next pass through the kernel. */
  hang(place: number): void;
  /** Has the event loop of the incarnation answer, by answerNudge() of vitals.ts. */
  nudge(place: number): void;
  /** Is there a debugger that may hold tasks at a breakpoint? Then nobody is found to hang. */
  isDebugged(): boolean;
  /** Starts a VM that stands by, unless there is one. Told by spare(). */
  standBy(place: number, spec: TaskSpec): void;
  /** Ends the VM that stands by. Told by spare(). */
  dismiss(place: number): void;
  /** Restarts the board, and tells why after the restart. */
  reboot(reason: string): void;
}

/** What a host tells the manager. An event about a pid that is not the current one is ignored. */
export interface TaskEvents {
  /** Its VM exists. */
  started(place: number, pid: number): void;
  /** Its program is loaded, and main() is being called. */
  ready(place: number, pid: number): void;
  /**
   * It is gone, and runs nothing any more. `cause` is null when it has ended by itself, or left
   * because it was told to. `pid` is 0 when it never had one.
   */
  gone(place: number, pid: number, cause: DeathCause | null, text: string): void;
  /** It was to be ended, and cannot be: it is still there. gone() follows if it ends after all. */
  stuck(place: number, pid: number, text: string): void;
  /** How far the VM is that stands by. */
  spare(place: number, state: StandbyState, text: string): void;
}
