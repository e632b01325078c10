/**
 * What `reattach test` prints: TAP (https://testanything.org) with the memory of each task below,
 * and with --json one object.
 */
import { shownPath } from "../manifest/shown-path.js";
import type { Engine } from "../xs/engine.js";
import type { FileRun, Outcome } from "../xs/run.js";
import type { TaskReport } from "../xs/usage.js";
import { type Alignment, grouped, table } from "./table.js";

/** Lines of the log that a failure shows. */
const LOG_LINES = 20;

/** How all files went, and what each task has had of its memory. */
export interface Results {
  readonly engine: Engine;
  readonly runs: readonly FileRun[];
  readonly tasks: readonly TaskReport[];
}

function hasFailed({ message }: Outcome): boolean {
  return message !== null;
}

/** How many tests have failed. */
export function failuresOf({ runs }: Results): number {
  return runs.flatMap(({ outcomes }) => outcomes).filter(hasFailed).length;
}

function tapOfTest({ title, message }: Outcome, number: number): string[] {
  // Behind a number sign TAP has directives.
  const what = `${number} - ${title.replaceAll("#", "\\#")}`;
  if (message === null) return [`ok ${what}`];
  return [`not ok ${what}`, "  ---", `  message: ${JSON.stringify(message)}`, "  ..."];
}

const HEAD = ["task", "slots", "chunk bytes", "stack", "", "block"];
const COLUMNS: readonly Alignment[] = ["left", "right", "right", "right", "left", "right"];

function rowOf({ name, slots, chunkBytes, stackSlots, creation }: TaskReport): string[] {
  const block = creation.static === 0 ? "no limit" : grouped(creation.static);
  const stack = [grouped(stackSlots), `of ${grouped(creation.stack)}`];
  return [name, grouped(slots), grouped(chunkBytes), ...stack, block];
}

/** What stands in the manifest. */
function creationText({ name, suggestion }: TaskReport): string {
  const members = JSON.stringify(suggestion).slice(1, -1);
  return `${name}: "creation": { ${members.replaceAll(":", ": ").replaceAll(",", ", ")} }`;
}

function memoryLines({ tasks, engine }: Results): string[] {
  if (tasks.length === 0) return [];
  const rows = table([HEAD, ...tasks.map(rowOf)], COLUMNS).split("\n");
  const large =
    engine.whyLarge === ""
      ? []
      : ["", `slots have ${engine.slotBytes} bytes, and blocks no limit: ${engine.whyLarge}`];
  return ["", ...rows, "", "would do:", ...tasks.map(creationText), ...large];
}

/** The lines of TAP. */
export function tapOf(results: Results): string[] {
  const lines = ["TAP version 13"];
  let count = 0;
  for (const { file, outcomes, log } of results.runs) {
    lines.push(`# ${shownPath(file)}`);
    for (const outcome of outcomes) lines.push(...tapOfTest(outcome, ++count));
    if (outcomes.some(hasFailed)) lines.push(...log.slice(-LOG_LINES).map((line) => `# ${line}`));
  }
  const failed = failuresOf(results);
  const sums = [`tests ${count}`, `pass  ${count - failed}`, `fail  ${failed}`];
  const comments = [...sums, ...memoryLines(results)].map((line) => `# ${line}`.trimEnd());
  return [...lines, `1..${count}`, ...comments];
}

/** The same for programs. */
export function asJson(results: Results): object {
  const { engine, runs, tasks } = results;
  return {
    ok: failuresOf(results) === 0,
    engine: "xs",
    slotBytes: engine.slotBytes,
    tests: runs.flatMap(({ file, outcomes }) =>
      outcomes.map(({ title, message }) => ({ file, title, ok: message === null, message })),
    ),
    tasks,
  };
}
