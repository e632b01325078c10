/**
 * `--log-level` and `--log-task` of `run` and `dev`: which lines are shown.
 */
import { allowedNames } from "../../../src/manifest/suggest.js";
import { UsageError } from "../input-error.js";
import { LOG_LEVELS, type LogLevel } from "../log/line.js";
import { MAIN } from "../log/terminal.js";

export const LOG_OPTIONS = {
  "log-level": { type: "string" },
  "log-task": { type: "string", multiple: true },
} as const;

/** What boot() takes as `log`. */
export interface ShownLog {
  readonly level: LogLevel;
  /** Left out for all of them. */
  readonly tasks?: readonly string[];
}

function readLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level !== undefined) return level;
  throw new UsageError(`--log-level: found "${text}", ${allowedNames(text, LOG_LEVELS)}`);
}

/** Reads the options of LOG_OPTIONS. Throws a UsageError. */
export function readLogOptions({
  "log-level": level = "debug",
  "log-task": tasks,
}: {
  readonly "log-level"?: string;
  readonly "log-task"?: readonly string[];
}): ShownLog {
  const shown = { level: readLevel(level) };
  if (tasks === undefined) return shown;
  const names = tasks.flatMap((text) => text.split(",").map((name) => name.trim()));
  return { ...shown, tasks: names };
}

/** Throws a UsageError when a task that is to be shown is none of those there are. */
export function checkLogTasks({ tasks = [] }: ShownLog, known: readonly string[]): void {
  const names = [...known, MAIN];
  for (const name of tasks) {
    if (names.includes(name)) continue;
    throw new UsageError(`--log-task: found task "${name}", ${allowedNames(name, names)}`);
  }
}
