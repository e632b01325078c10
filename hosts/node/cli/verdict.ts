/**
 * The verdict on a run: is everything as it should be at the end? Pure.
 *
 * Deaths are what Reattach is for: one that the restart policy has mended is no failure. What
 * counts is how the tasks are in the end. What is wrong is said in sentences.
 */
import type { TaskDeath } from "../../../src/manager/supervise/supervisor-events.js";
import type { TaskStatus } from "../../../src/manager/status.js";
import { standingOf } from "../checks/standing.js";
import type { Condition, Expectations } from "./expect.js";

/** A death during a run. */
export interface RunDeath extends TaskDeath {
  /** Milliseconds since the run began. */
  readonly at_ms: number;
  /** The fault plan has caused it. */
  readonly isInjected: boolean;
}

/** A restart of the board during a run. */
export interface RunReboot {
  /** Milliseconds since the run began. */
  readonly at_ms: number;
  readonly reason: string;
  /** The fault plan has caused it. */
  readonly isInjected: boolean;
}

/** What happened in a run. */
export interface History {
  readonly deaths: readonly RunDeath[];
  readonly reboots: readonly RunReboot[];
  readonly deadlocks: readonly { readonly at_ms: number; readonly tasks: readonly string[] }[];
  /** Tasks whose last incarnation has ended without an error. */
  readonly ended: ReadonlySet<string>;
}

/** How the tasks were at the end. */
export interface FinalStatus extends Pick<TaskStatus, "name" | "isHeld"> {
  readonly state: string;
  /** The ring of tasks that wait for each other which it is in. */
  readonly deadlock?: readonly string[] | null;
}

function lastDeathOf({ deaths }: History, name: string): RunDeath | undefined {
  return deaths
    .slice()
    .reverse()
    .find((death) => death.name === name);
}

/** What is wrong with a task, and how that can be expected; null for nothing. */
function flawOf(
  task: FinalStatus,
  history: History,
): { condition: Condition | null; text: string } | null {
  const { name } = task;
  const standing = standingOf(task);
  const death = history.ended.has(name) ? undefined : lastDeathOf(history, name);
  const why = death === undefined ? "" : `: ${firstLine(`${death.cause}: ${death.text}`)}`;
  if (standing === "stuck") return { condition: "stuck", text: `${name} is stuck` };
  if (standing === "held") return { condition: "held", text: `${name} is held${why}` };
  if (death === undefined) return null;
  if (standing === "stopped") {
    return { condition: "stopped", text: `${name} is dead and not started again${why}` };
  }
  if (standing !== "coming") return null;
  // What the fault plan has struck a moment ago is being mended.
  return death.isInjected ? null : { condition: null, text: `${name} is not up again${why}` };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!;
}

/** Is a task as it was expected to be? */
function meets(task: FinalStatus | undefined, condition: Condition, found: Condition | null) {
  return found === condition || (condition === "stopped" && task?.state === "STOPPED");
}

function* problemsOfTasks(
  tasks: readonly FinalStatus[],
  history: History,
  { conditions }: Expectations,
): Generator<string> {
  for (const task of tasks) {
    const flaw = flawOf(task, history);
    const expected = conditions.get(task.name);
    if (expected === undefined) {
      if (flaw !== null) yield flaw.text;
    } else if (!meets(task, expected, flaw?.condition ?? null)) {
      yield `${task.name} was expected to be ${expected}, found ${flaw?.text ?? task.state}`;
    }
  }
}

function* problemsOfBoard(
  { reboots: all, deadlocks }: History,
  tasks: readonly FinalStatus[],
  { counts }: Expectations,
): Generator<string> {
  const reboots = all.filter(({ isInjected }) => !isInjected);
  const restarts = counts.get("reboots") ?? 0;
  if (reboots.length !== restarts) {
    const last = reboots.at(-1);
    const why = last === undefined ? "" : `, the last time because ${last.reason}`;
    const than = counts.has("reboots") ? `, expected were ${restarts}` : "";
    yield `the board was restarted ${times(reboots.length)}${why}${than}`;
  }
  const rings = counts.get("deadlocks");
  if (rings !== undefined && deadlocks.length !== rings) {
    yield `deadlocks: found ${deadlocks.length}, expected were ${rings}`;
  }
  if (rings !== undefined) return;
  const standing = tasks.map(({ deadlock }) => deadlock?.join(", ") ?? "");
  for (const ring of new Set(standing)) if (ring !== "") yield `${ring} wait for each other`;
}

function times(count: number): string {
  return count === 1 ? "once" : count === 0 ? "never" : `${count} times`;
}

/**
 * What is wrong at the end of a run: sentences, none for a good one. With `isStrict` a death that
 * was not injected is wrong even when it was mended.
 */
export function judge(
  tasks: readonly FinalStatus[],
  history: History,
  expectations: Expectations,
  isStrict: boolean,
): string[] {
  const problems = [
    ...problemsOfTasks(tasks, history, expectations),
    ...problemsOfBoard(history, tasks, expectations),
  ];
  if (!isStrict) return problems;
  const own = history.deaths.filter(({ isInjected }) => !isInjected);
  for (const { name, cause, text } of own) {
    problems.push(`${name} died: ${firstLine(`${cause}: ${text}`)}`);
  }
  return problems;
}
