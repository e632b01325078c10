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
  | "waits for a message"
  | "is idle"
  | "loops";

/** What main does when the task runs: nothing, or one of these. */
export type Deed = "" | "kill" | "stop" | "throw" | "stall";

/** What is written down. */
export interface Event {
  readonly event: "reboot" | "start" | "death" | "end";
  readonly text: string;
}
