/**
 * What an error of the test kit says beside what was awaited: the last lines, and what each task is
 * doing.
 */
import type { TaskStatus } from "../../../src/manager/status.js";
import type { Line, Observed } from "../checks/checks.js";

/** More would hide what was awaited. */
const LINES_MAX = 15;

function lineText({ at_ms, task, text }: Line): string {
  const [first = "", ...more] = text.split("\n");
  const at = (at_ms / 1_000).toFixed(3).padStart(9);
  return [`${at} s [${task}] ${first}`, ...more.map((line) => `              ${line}`)].join("\n");
}

function taskText(task: TaskStatus): string {
  const { name, state, waitsFor, recovers, restarts, lastDeath, startsIn_ms } = task;
  const parts: string[] = [state];
  if (waitsFor !== null) parts.push(`for ${waitsFor.name || `pid ${waitsFor.pid}`}`);
  if (recovers !== null) parts.push(`from the loss of ${recovers || "a server"}`);
  if (restarts > 0) parts.push(`restarts: ${restarts}`);
  if (startsIn_ms !== null) parts.push(`starts in ${Math.ceil(startsIn_ms)} ms`);
  if (lastDeath !== null) {
    const { cause, text } = lastDeath;
    parts.push(`last death: ${text === "" ? cause : `${cause}: ${text.split("\n")[0]}`}`);
  }
  return `  ${name}: ${parts.join(", ")}`;
}

/** The last lines of the log since a moment, and the states of all tasks. */
export function accountOf(app: Observed, since_ms: number): string {
  const lines = app.log.filter(({ at_ms }) => at_ms >= since_ms);
  const shown = lines.slice(-LINES_MAX).map(lineText);
  const left = lines.length - shown.length;
  return [
    shown.length === 0 ? "Meanwhile nothing was written." : "Meanwhile:",
    ...(left > 0 ? [`  … ${left} lines more`] : []),
    ...shown,
    "Tasks:",
    ...app.tasks.map(taskText),
  ].join("\n");
}
