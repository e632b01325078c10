/**
 * Which faults there are, and how their text is made up: constants, which a browser loads too.
 *
 *     kind:what:every            kill:store:2s          again and again, about every two seconds
 *     kind:what@time             kill:store@1500ms      once, a second and a half from now
 *     kind:task@point:number     kill:store@message:57  once, at its 57th message from now on
 *     kind:task@point:call#number                       at the 57th of one call of its services
 *     kind=times:…               hold=300ms:store:2s    how long, where a kind has a time
 */

/** Who strikes, in the events of a system. */
export const BY_FAULTS = "faults";

/** What can happen to a task. */
export const TASK_KINDS = [
  /** It ends at an arbitrary point. */
  "kill",
  /** It stands still, and never comes back from the kernel. */
  "hang",
  /** It stands still for a time, and goes on. */
  "hold",
  /** For a time, it waits whenever it is about to send, to receive or to sleep. */
  "slow",
  /** It uses up its memory, and dies of that. */
  "memory",
  /** An error is thrown at its next call of the kernel. */
  "throw",
  /** The next wake-up of its sleep is lost. */
  "lost-wakeups",
  /** It is killed, and there is no thread for it when it is started again, once. */
  "start",
] as const;

export type TaskKind = (typeof TASK_KINDS)[number];

/** What can happen to the whole board, and how a fault names it. */
export const BOARD_KINDS = ["reboot"] as const;
export const BOARD = "board";

export type BoardKind = (typeof BOARD_KINDS)[number];

/** Where a task is struck exactly. */
export const FAULT_POINTS = [
  /** It has received a message, and has not seen it yet. */
  "message",
  /** It is about to answer one: whatever it does for it is done. */
  "after-effect",
] as const;

export type FaultPoint = (typeof FAULT_POINTS)[number];

/** The times that a kind takes behind "=", in their order, with what they are by default. */
export const FAULT_TIMES: Readonly<Record<string, readonly FaultTime[]>> = {
  hold: [{ means: "for", text: "500ms" }],
  slow: [
    { means: "wait", text: "10ms" },
    { means: "for", text: "1s" },
  ],
};

/** A time of a kind. */
export interface FaultTime {
  /** wait: how long at each look; for: how long it lasts. */
  readonly means: "wait" | "for";
  /** What it is where the fault does not say. */
  readonly text: string;
}

/** Kinds that take the tracing build, wherever they strike; at a point of a message all do. */
export const TRACED_KINDS: readonly string[] = ["lost-wakeups"];
