/**
 * What `reattach run` prints at the end: for people, and with --json for programs.
 */
import type { TaskView } from "../system/system.js";
import { grouped, table } from "./table.js";
import type { RunDeath, RunReboot } from "./verdict.js";

/** Why a run came to its end. */
export type Ending = "duration" | "signal" | "all tasks ended";

/** What happened, as --json prints it. */
export interface Report {
  /** Is all as it should be at the end? Then the exit code is 0. */
  readonly ok: boolean;
  /** What is not, in sentences. */
  readonly problems: readonly string[];
  readonly ending: Ending;
  readonly seed: number;
  /** Faults that the plan has injected. */
  readonly injected: number;
  /** The faults of the plan, and how often each has struck. */
  readonly faults: readonly { readonly fault: string; readonly struck: number }[];
  /** Restarts of the board; times are milliseconds since the run began. */
  readonly reboots: readonly RunReboot[];
  /** Names of tasks that are not started again until they are released, at the end. */
  readonly held: readonly string[];
  /** Names of tasks whose thread could not be ended, at the end. */
  readonly stuck: readonly string[];
  /** Rings of tasks that wait for each other, as they were found. */
  readonly deadlocks: readonly { readonly at_ms: number; readonly tasks: readonly string[] }[];
  readonly deaths: readonly RunDeath[];
  readonly tasks: readonly TaskView[];
}

const HEAD = ["task", "state", "restarts", "sent", "received", "recoveries", "saves"];

/** The report for people. Ends with a line end. */
export function reportText(report: Report): string {
  const { ending, seed, injected, faults, deaths, reboots, deadlocks, tasks, problems } = report;
  const idle = faults.filter(({ struck }) => struck === 0).map(({ fault }) => fault);
  const own = deaths.filter(({ isInjected }) => !isInjected).length;
  const rows = tasks.map(({ name, state, restarts, counters }) => [
    name,
    state,
    grouped(restarts),
    grouped(counters.sent),
    grouped(counters.received),
    grouped(counters.recoveries),
    grouped(counters.saves),
  ]);
  const board = [
    ...(reboots.length > 0 ? [`restarts of the board ${reboots.length}`] : []),
    ...(deadlocks.length > 0 ? [`deadlocks ${deadlocks.length}`] : []),
    ...(idle.length > 0 ? [`never struck: ${idle.join(", ")}`] : []),
  ];
  const sums = [
    `ended: ${ending}`,
    `seed ${seed}`,
    `faults injected ${injected}`,
    `deaths ${deaths.length}, of them not injected ${own}`,
    ...board,
  ];
  return [
    sums.join("; "),
    "",
    table([HEAD, ...rows], ["left", "left", "right", "right", "right", "right", "right"]),
    "",
    report.ok ? "good" : "failed:",
    ...problems.map((problem) => `  ${problem}`),
    "",
  ].join("\n");
}
