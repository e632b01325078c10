/**
 * What a model on top of the manager is told, and answers. Types only.
 *
 * The manager restarts tasks by itself; an extension adds what clients ask for. QNX's model
 * (src/ham) is the one that there is. The manager knows this interface and no more, so a board that
 * does without it does not have it in its flash.
 */
import type { Request } from "./request.js";
import type { HamDirectory } from "./status.js";
import type { TaskControl } from "./task-control.js";

/** How a task has gone. */
export type Ending =
  /** It crashed, hung, or was killed. */
  | "abnormal"
  /** Its main() has returned. */
  | "normal"
  /** The host was told to stop it, and it is not a death. */
  | "stopped";

export interface ManagerExtension {
  /** A task of this name runs. Called before its program does. */
  started(name: string, pid: number): void;
  /** Its program is loaded: from now on it must show life. */
  ready(name: string, pid: number): void;
  /** The task with this pid has gone. */
  gone(name: string, pid: number, ending: Ending): void;
  /** The heartbeat of a task of the manifest has reached marks: HEART_LOW | HEART_HIGH. */
  missed(name: string, marks: number): void;
  /** Does what is due. Allocates nothing when that is nothing. */
  poll(now: number): void;
  /** When poll() has something to do again, at the latest; Infinity for never. */
  nextDue(): number;
  /** Does what a request asks for. Returns what the client's call does: an errno below 0. */
  perform(caller: number, request: Request): number;
  /** All that it knows, for people. Allocates. */
  tree(): HamDirectory;
}

/** Makes one for a board whose manifest has these tasks. Called once a boot, on the main VM. */
export type ExtensionFactory = (
  control: TaskControl,
  tasks: readonly { readonly name: string }[],
) => ManagerExtension;
