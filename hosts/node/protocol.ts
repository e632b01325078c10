/**
 * What the main thread and a worker tell each other beside the arena: types only.
 */

/** What a worker is started with. */
export interface WorkerStart {
  readonly arena: SharedArrayBuffer;
  readonly pid: number;
  readonly name: string;
  /** `data:` URL of the task's program. */
  readonly program: string;
  readonly args: unknown;
  readonly spinMax: number | undefined;
}

/** How bad a line of a task's log is. */
export type LogLevel = "info" | "warn" | "error";

/** What a worker tells the main thread. */
export type WorkerMessage =
  /** A line that the task wrote. Sent at once, so it is seen while the task blocks. */
  | { readonly type: "log"; readonly level: LogLevel; readonly text: string }
  /** The program is loaded and main() is about to be called. */
  | { readonly type: "ready" }
  /** The task's last act: what it threw. */
  | { readonly type: "threw"; readonly cause: DeathCause; readonly text: string }
  /** The task obeyed the order to stop. */
  | { readonly type: "stopped" };

/** What the main thread tells a worker. */
export type HostMessage =
  /** Leave: for a task that is idle in its event loop and does not pass through the kernel. */
  { readonly type: "stop" };

/** Why a task is dead. */
export type DeathCause =
  /** It threw, in main(), at the top level of a module, or later in a callback. */
  | "throw"
  /** Its program does not compile or cannot be loaded. */
  | "syntax"
  /** process.exit(), with another code than 0. */
  | "exit"
  /** It needed more memory than its creation gives. */
  | "memory"
  /** kill() */
  | "killed"
  /** It did not leave within its grace after it was told to stop. */
  | "stuck";
