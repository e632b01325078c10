/**
 * `reattach ps`: the tasks of a running simulator, who waits on whom and since when, the other
 * boards that it sees, and how full its tables are.
 */
import type { TaskStatus } from "../../../src/manager/status.js";
import type { NetView } from "../../../src/net/gateway.js";
import type { SystemUsage, Usage } from "../../../src/kernel/inspect/usage.js";
import { shownDuration } from "../system/duration.js";
import { shownPath } from "../manifest/shown-path.js";
import { netText } from "./boards-view.js";
import { inquire, type Simulator } from "./simulators.js";
import { type Alignment, grouped, table } from "./table.js";

/** Where there is nothing to show. */
const NONE = "-";

interface Column {
  readonly head: string;
  readonly alignment: Alignment;
  cell(task: TaskStatus): string;
}

/** A task in its own code that has shown no sign for so long may loop. */
const SILENT_MS = 2_000;

function stateOf(task: TaskStatus): string {
  const { state, startsIn_ms, isHeld, silent_ms, recovers, recovering_ms } = task;
  const words: string[] = [state];
  if (startsIn_ms !== null) words.push("in", shownDuration(startsIn_ms));
  if (recovers !== null && recovers !== "") words.push(recovers);
  if (recovers !== null && recovering_ms > 0) words.push(shownDuration(recovering_ms));
  let text = words.join(" ");
  if (state === "RUNNING" && silent_ms >= SILENT_MS) {
    text += `, no sign for ${shownDuration(silent_ms)}`;
  }
  // One that runs stays dead from its next death on.
  return isHeld && state !== "HELD" ? `${text}, HELD` : text;
}

function waitOf({ state, waitsFor, deadlock }: TaskStatus): string {
  if (waitsFor === null) return NONE;
  const { name, pid, ms } = waitsFor;
  // 0 is not "0 ms": it is anything shorter than a slice of sleep.
  const time = ms === 0 ? "" : ` ${shownDuration(ms)}`;
  const ring = deadlock === null ? "" : ", DEADLOCK";
  return `${state} ${name === "" ? `pid ${pid}` : name}${time}${ring}`;
}

function heartbeatOf({ watch }: TaskStatus): string {
  if (watch === null) return NONE;
  const { period_ms, missed } = watch;
  return `${shownDuration(period_ms)}${missed === 0 ? "" : `, missed ${grouped(missed)}`}`;
}

function deathOf({ lastDeath }: TaskStatus): string {
  return lastDeath === null ? NONE : `${lastDeath.cause} ${shownDuration(lastDeath.ago_ms)} ago`;
}

const COLUMNS: readonly Column[] = [
  { head: "name", alignment: "left", cell: ({ name }) => name },
  { head: "pid", alignment: "right", cell: ({ pid }) => (pid === 0 ? NONE : String(pid)) },
  { head: "gen", alignment: "right", cell: ({ generation }) => String(generation) },
  { head: "state", alignment: "left", cell: stateOf },
  {
    head: "services",
    alignment: "left",
    cell: ({ services }) => (services.length === 0 ? NONE : services.join(" ")),
  },
  { head: "waits for", alignment: "left", cell: waitOf },
  { head: "prio", alignment: "right", cell: ({ priority }) => String(priority) },
  { head: "heartbeat", alignment: "left", cell: heartbeatOf },
  { head: "restarts", alignment: "right", cell: ({ restarts }) => grouped(restarts) },
  { head: "last death", alignment: "left", cell: deathOf },
  {
    head: "standby",
    alignment: "left",
    cell: ({ standby }) => (standby === "none" ? NONE : standby),
  },
  { head: "stable", alignment: "right", cell: ({ stableBytes }) => grouped(stableBytes) },
];

/** The table of the tasks, with a head. */
function taskTable(tasks: readonly TaskStatus[]): string {
  return table(
    [
      COLUMNS.map(({ head }) => head),
      ...tasks.map((task) => COLUMNS.map(({ cell }) => cell(task))),
    ],
    COLUMNS.map(({ alignment }) => alignment),
  );
}

/** "channels 3 of 8, connections 4 (at most 9) of 32, …" */
function usageLine(usage: SystemUsage): string {
  return Object.entries<Usage>({ ...usage })
    .map(([name, { used, total, highest }]) => {
      const most = highest === null || highest === used ? "" : ` (at most ${grouped(highest)})`;
      return `${name} ${grouped(used)}${most} of ${grouped(total)}`;
    })
    .join(", ");
}

/** The tasks, other boards where there is a net, and how full the tables are, as text. */
export function psText(
  { pid, manifest }: Pick<Simulator, "pid" | "manifest">,
  tasks: readonly TaskStatus[],
  usage: SystemUsage,
  net: NetView | null,
): string {
  const where = `run ${pid}: ${shownPath(manifest)}`;
  const boards = net === null ? "" : `${netText(net)}\n\n`;
  return `${taskTable(tasks)}\n\n${boards}${where}\ntables: ${usageLine(usage)}\n`;
}

/** Runs the command. Resolves to its exit code; throws as inquire() does. */
export async function ps(argv: string[]): Promise<number> {
  if (argv.some((word) => /^--(watch|every)(=|$)/.test(word))) {
    const { psWatch } = await import("./ps-watch.js");
    return psWatch(argv);
  }
  return inquire(argv, [], async (simulator) => {
    const tasks = (await simulator.ask({ call: "ps" })) as TaskStatus[];
    const usage = (await simulator.ask({ call: "usage" })) as SystemUsage;
    const net = (await simulator.ask({ call: "net" })) as NetView | null;
    return { json: { tasks, usage, net }, text: psText(simulator, tasks, usage, net) };
  });
}
