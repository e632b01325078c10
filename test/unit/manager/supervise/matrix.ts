/**
 * Strategy x kind of death: what every host has to do. The board has four tasks: "other" stands
 * apart; "base" is what "mortal" depends on, and "client" depends on "mortal". The mortal task dies
 * once, in its first life.
 */
import type { DeathCause } from "../../../../src/manager/status.js";

/** Ways to die. */
export const KINDS = [
  "throw",
  "exit",
  "kill",
  "hang",
  "memory",
  "stack overflow",
  "syntax error",
] as const;
export type Kind = (typeof KINDS)[number];

export interface Strategy {
  readonly name: string;
  /** Added to the mortal task's declaration. */
  readonly task: Readonly<Record<string, unknown>>;
  /** Who has another pid afterwards; null for a board that restarts. */
  readonly restarted: readonly string[] | null;
}

const ALL = ["base", "mortal", "client", "other"] as const;

function ladder(...escalate: readonly string[]): object {
  return { restart: { intensity: 0, escalate } };
}

export const STRATEGIES: readonly Strategy[] = [
  { name: "task", task: {}, restarted: ["mortal"] },
  { name: "standby", task: { standby: true }, restarted: ["mortal"] },
  {
    name: "rest_for_one",
    task: { ...ladder("rest_for_one") },
    restarted: ["client", "mortal"],
  },
  {
    name: "one_for_all",
    task: { ...ladder("one_for_all") },
    restarted: ["base", "client", "mortal"],
  },
  { name: "hold", task: { ...ladder("hold") }, restarted: [] },
  { name: "never", task: { restart: { when: "never" } }, restarted: [] },
  { name: "board", task: { ...ladder("board") }, restarted: null },
];

/**
 * Shorter than any patience of a test: a task that hangs is found within three of these. Longer
 * than two slices of a sleep, so that a busy machine does not make an idle task look hung.
 */
const HEARTBEAT_MS = 300;
/** Of those that die in another way: a busy machine takes its time to fill a memory. */
const PATIENT_HEARTBEAT_MS = 60_000;

/** No limit: nobody here never comes to load, however busy the machine is. */
const LOAD_MS = 0;

/**
 * `config.reattach.tasks` for a strategy and a kind of death; `mortal` is what the module of that
 * task is given.
 */
export function matrixTasks(
  { task }: Strategy,
  kind: Kind,
  mortal: unknown,
  modules: { readonly mortal: string; readonly bystander: string },
): Record<string, object> {
  const bystander = (name: string): object => ({
    module: modules.bystander,
    args: { name },
    load_ms: LOAD_MS,
  });
  return {
    client: { ...bystander("client"), dependsOn: ["mortal"] },
    mortal: {
      module: modules.mortal,
      args: mortal,
      dependsOn: ["base"],
      load_ms: LOAD_MS,
      heartbeat_ms: kind === "hang" ? HEARTBEAT_MS : PATIENT_HEARTBEAT_MS,
      ...task,
    },
    base: bystander("base"),
    other: bystander("other"),
  };
}

/** The tasks of the matrix by name. */
export const MATRIX_TASKS: readonly string[] = ALL;

/** What the death of each kind is called, where the host can tell. */
export const CAUSES: Readonly<Record<Kind, DeathCause>> = {
  throw: "throw",
  exit: "exit",
  kill: "killed",
  hang: "hung",
  memory: "memory",
  "stack overflow": "throw",
  "syntax error": "throw",
};
