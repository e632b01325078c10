/**
 * How a task stands, for all who ask whether an application is up: its tests, the laws of a
 * simulation, and the verdict of a run.
 */

/** What of a task tells it: TaskStatus, as far as it goes. */
export interface Standable {
  readonly state: string;
  readonly isHeld: boolean;
}

export type Standing =
  /** Its program runs. */
  | "up"
  /** It runs, and brings a connection back. */
  | "recovering"
  /** It runs, and is deaf. */
  | "hung"
  /** It starts, or is dead and will be started: it goes on by itself. */
  | "coming"
  /** Dead, and not started again until somebody releases it; or it will be so with its death. */
  | "held"
  /** It has ended, or was stopped. */
  | "stopped"
  /** Its thread cannot be ended. */
  | "stuck";

const STANDINGS: Readonly<Record<string, Standing>> = {
  RECOVERING: "recovering",
  HUNG: "hung",
  STARTING: "coming",
  DEAD: "coming",
  HELD: "held",
  STOPPED: "stopped",
  STUCK: "stuck",
};

export function standingOf({ state, isHeld }: Standable): Standing {
  if (isHeld && state !== "STUCK") return "held";
  return STANDINGS[state] ?? "up";
}

/** Does it work, or has it done its work? */
export function isUp(task: Standable): boolean {
  return ["up", "recovering", "stopped"].includes(standingOf(task));
}

/** Does it stay as it is, as far as it goes by itself? */
export function isSettled(task: Standable): boolean {
  return !["coming", "recovering"].includes(standingOf(task));
}
