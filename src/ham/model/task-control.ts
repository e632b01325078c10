/**
 * The board as the manager's model of entities, conditions and actions sees it: everything that it
 * asks about tasks and can have done to them. supervisor.ts is behind it on every host; tests put a
 * board with fake time in its place. Nothing here blocks.
 */
import type { Vitals } from "../../kernel/inspect/vitals.js";

/** How a task has gone. */
export type Ending =
  /** It crashed, hung, or was killed. */
  | "abnormal"
  /** Its main() has returned. */
  | "normal"
  /** The host was told to stop it, and it is not a death. */
  | "stopped";

export interface Board {
  /** Monotonic, in milliseconds. */
  now(): number;
  /** A line for the people who watch. */
  log(text: string): void;
  /** pid of the running task with this name; 0 for none. */
  pidOf(task: string): number;
  /** Name of the running task with this pid; "" for none. */
  nameOf(pid: number): string;
  /** Is it a task of the manifest, started again by its own restart policy? */
  isSupervised(task: string): boolean;
  /**
   * Starts a task of this name: one of the manifest, or any other name on a free place. `line` is
   * the name of a module of the manifest and, after a blank, its arguments as JSON; "" for a task
   * of the manifest as it is declared, or for another one as it was started last. A task that has
   * just died starts when it may: not sooner than its minimum run time after its last start.
   * Returns 0; or -EINVAL (the line), -ENOENT (no such module), -EEXIST (it runs, or is about to),
   * -EAGAIN (no free place). That it runs is told by HamModel.started().
   */
  start(task: string, line: string): number;
  /**
   * Ends a task: it is told to leave; with `isForced` by the host's last resort when it does not.
   * Returns 0, or -ESRCH.
   */
  end(pid: number, isForced: boolean): number;
  /** A task has missed so many heartbeats that it hangs: ends it as a crash does. */
  hung(task: string): void;
  /** Is a service registered under this name? */
  isRegistered(service: string): boolean;
  /** Sends a pulse. 0, or an errno of ConnectAttach or MsgSendPulse. */
  sendPulse(nd: number, pid: number, chid: number, code: number, value: number): number;
  /** Looks at a task's signs of life; false when it is not alive. */
  lookAt(pid: number, into: Vitals): boolean;
  /** ham_stop(): the manager ends its watch; tasks run on and are not started again. */
  stopped(): void;
}
