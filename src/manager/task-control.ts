/**
 * The board as an extension of the manager sees it: everything that it asks about tasks and can
 * have done to them. manager.ts is behind it on every host; tests put a board with fake time in its
 * place. Nothing here blocks.
 */
import type { Abilities } from "./abilities.js";
import type { Ending } from "./extension.js";
import type { Heart } from "./monitor/heartbeat.js";
import type { Monitor } from "./monitor/monitor.js";

export interface TaskControl {
  /** Looks at hearts: an extension adds those that it watches. */
  readonly monitor: Monitor;
  /** Monotonic, in milliseconds. */
  now(): number;
  /** A line for the people who watch. */
  log(text: string): void;
  /** pid of the running task with this name; 0 for none. */
  pidOf(task: string): number;
  /** Name of the running task with this pid; "" for none. */
  nameOf(pid: number): string;
  /** What the task with this pid may ask for: nothing when there is none, all on the main VM. */
  abilitiesOf(pid: number): Abilities;
  /** Does the restart policy of its manifest start this task again, when it has gone so? */
  isRestartedAfter(task: string, ending: Ending): boolean;
  /** Is this line, or the empty one, how the manifest declares this task? */
  isDeclared(task: string, line: string): boolean;
  /** The heartbeat of a task of the manifest; null for none. */
  heartOf(task: string): Heart | null;
  /**
   * Starts a task of this name: one of the manifest, or any other name on a free place. `line` is
   * the name of a module of the manifest and, after a blank, its arguments as JSON; "" for a task
   * of the manifest as it is declared, or for another one as it was started last. A task that has
   * just died starts when it may: not sooner than its minimum run time after its last start.
   * Returns 0; or -EINVAL (the line), -ENOENT (no such module), -EEXIST (it runs, or is about to),
   * -EAGAIN (no free place). That it runs is told by ManagerExtension.started().
   */
  start(task: string, line: string): number;
  /**
   * Ends a task: it is told to leave; with `isForced` by the host's last resort when it does not.
   * Returns 0, or -ESRCH.
   */
  end(pid: number, isForced: boolean): number;
  /** Is a service registered under this name? */
  isRegistered(service: string): boolean;
  /** Sends a pulse. 0, or an errno of ConnectAttach or MsgSendPulse. */
  sendPulse(nd: number, pid: number, chid: number, code: number, value: number): number;
  /** The manager ends its watch; tasks run on and are not started again. */
  stop(): void;
}
