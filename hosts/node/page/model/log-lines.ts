/**
 * The log: output and events in one list, as they are read.
 */
import type { LogLevel } from "../../log/line.js";
import { firstLine, listed, shownSpan } from "./format.js";
import type { Incident } from "./incidents.js";
import type { Entry, Recording } from "./recording.js";
import type { Ink } from "./states.js";

/** One row of the log. */
export interface LogRow {
  readonly key: string;
  readonly ms: number;
  readonly task: string;
  readonly text: string;
  readonly ink: Ink | "";
  readonly isOutput: boolean;
}

export interface LogFilter {
  /** "" for all. */
  readonly task: string;
  /** In small letters; "" for all. */
  readonly words: string;
  readonly hasEvents: boolean;
  /** From this level on; null for no output at all. */
  readonly level: LogLevel | null;
}

/** Rows that the page shows. The server keeps more. */
const ROWS_MAX = 200;
const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

type Told = Pick<LogRow, "task" | "text" | "ink">;

function tellReload(entry: Extract<Entry, { what: "reload" }>): Told {
  const files = listed(entry.files);
  const say = (text: string, ink: Ink | ""): Told => ({ task: "main", text, ink });
  switch (entry.step) {
    case "compiled":
      return say(`⟳ ${files} saved, compiled in ${shownSpan(entry.took_ms)}`, "start");
    case "failed":
      return say(`⟳ ${files} saved, the old code runs on: ${entry.text}`, "dead");
    case "replaced": {
      const tasks = listed(entry.tasks);
      return say(`⟳ new code answers in ${tasks}, ${shownSpan(entry.took_ms)} later`, "well");
    }
    case "restarted":
      return say(`⟳ ${files} saved, the board restarts: ${entry.text}`, "wait");
    case "applied":
      return say(`⟳ ${files} saved: ${entry.text}`, "well");
    case "mended":
      return say(`⟳ ${files} saved, as it was before`, "well");
  }
}

function tellRecovery(
  entry: Extract<Entry, { what: "recovering" | "recovered" | "gave-up" }>,
): Told {
  const { task, coid, service } = entry;
  const which = service === "" ? `connection ${coid & 0xffff}` : `its connection to ${service}`;
  if (entry.what === "recovering") return { task, text: `↻ recovers ${which}`, ink: "wait" };
  const time = shownSpan(entry.took_ms);
  if (entry.what === "recovered") {
    return { task, text: `↻ recovered ${which} in ${time}`, ink: "well" };
  }
  const threw = entry.hasThrown ? ": its recovery function threw" : "";
  return { task, text: `↻ gave up ${which} after ${time}${threw}`, ink: "dead" };
}

/** The words for an event. `story` is the death that a successor follows. */
function tell(entry: Entry, story: Incident | undefined): Told {
  switch (entry.what) {
    case "log": {
      const ink = entry.level === "error" ? "dead" : entry.level === "warn" ? "wait" : "";
      return { task: entry.task, text: entry.text, ink };
    }
    case "gap":
      return { task: entry.task, text: `… ${entry.text}`, ink: "wait" };
    case "start":
      return { task: entry.task, text: `◔ start (pid ${entry.pid})`, ink: "idle" };
    case "ready": {
      const after =
        story === undefined ? "" : ` again, ${shownSpan(entry.ms - story.ms)} after its death`;
      return { task: entry.task, text: `○ ready${after} (pid ${entry.pid})`, ink: "idle" };
    }
    case "end":
      return { task: entry.task, text: `□ ended (pid ${entry.pid})`, ink: "idle" };
    case "death": {
      const { task, pid, cause, text } = entry;
      const why = text === "" ? "" : `: ${firstLine(text)}`;
      return { task, text: `✕ died (pid ${pid}): ${cause}${why}`, ink: "dead" };
    }
    case "stuck":
      return { task: entry.task, text: `■ cannot be ended: ${entry.text}`, ink: "dead" };
    case "order":
      return { task: entry.task, text: `▾ ${entry.order}, ordered by ${entry.by}`, ink: "held" };
    case "fault":
      return { task: entry.target, text: `▾ fault ${entry.fault}`, ink: "held" };
    case "recovering":
    case "recovered":
    case "gave-up":
      return tellRecovery(entry);
    case "deadlock": {
      const [first = "main"] = entry.tasks;
      return { task: first, text: `⟲ deadlock: ${entry.tasks.join(" → ")}`, ink: "dead" };
    }
    case "held":
      return { task: entry.task, text: "‖ held until it is released", ink: "held" };
    case "reboot":
      return { task: "main", text: `⟳ the board was restarted: ${entry.text}`, ink: "dead" };
    case "stop":
      return { task: "main", text: "□ the system is being stopped", ink: "held" };
    case "reload":
      return tellReload(entry);
  }
}

function isWanted(entry: Entry, { hasEvents, level }: LogFilter): boolean {
  if (entry.what === "gap") return true;
  if (entry.what !== "log") return hasEvents;
  return level !== null && LEVELS.indexOf(entry.level) >= LEVELS.indexOf(level);
}

/** The last rows at or before a moment that a filter lets through, the oldest first. */
export function logRows(recording: Recording, filter: LogFilter, ms: number): LogRow[] {
  const rows: LogRow[] = [];
  const { entries, incidents } = recording;
  for (let i = entries.length - 1; i >= 0 && rows.length < ROWS_MAX; i--) {
    const entry = entries[i]!;
    if (entry.ms > ms || !isWanted(entry, filter)) continue;
    const story =
      entry.what === "ready"
        ? incidents.list.findLast((one) => one.task === entry.task && one.back_ms === entry.ms)
        : undefined;
    const told = tell(entry, story);
    if (filter.task !== "" && told.task !== filter.task) continue;
    const { words } = filter;
    if (words !== "" && !`${told.task} ${told.text}`.toLowerCase().includes(words)) continue;
    const key = entry.what === "gap" ? `gap ${entry.ms}` : String(entry.number);
    rows.push({ key, ms: entry.ms, isOutput: entry.what === "log", ...told });
  }
  return rows.reverse();
}
