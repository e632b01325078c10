/**
 * What the programs of faults.test.ts are told, and what they tell.
 */

/** Ways of a task to die, and to be in the way when it is to be stopped. */
export type Fate =
  | "throws"
  | "throws what has no text"
  | "throws null"
  | "throws a long text"
  | "throws from a timer"
  | "rejects"
  | "rejects later"
  | "fills its memory"
  | "runs out of names"
  | "boots a board of its own"
  | "waits for a message"
  | "is idle"
  | "loops"
  | "overflows its stack";

/** What main does when the task runs: nothing, or one of these. */
export type Action = "" | "kill" | "stop" | "throw" | "stall";

/** What is written down. */
export interface Event {
  readonly event: "reboot" | "start" | "death" | "end";
  readonly text: string;
}

/** What main does to the unlucky task, or to itself, in the program boot-count. */
export type BootCountAction = "" | "stop" | "stall" | "reboot late";

/** What the program boot-count writes down: one of these. */
export interface BootCountNote {
  /** What is kept in flash. */
  readonly written?: string;
  /** Why the board was restarted. */
  readonly reason?: string;
  /** "name STATE" of each task. */
  readonly states?: readonly string[];
}
