/**
 * Log lines on standard error, for people: when, how bad, which task, what. Coloured on a terminal.
 *
 *     17:42:03.112 info   [sensor] 21.5 degrees
 *     17:42:03.519 error    [main] sensor (pid 33) died: throw: RangeError: no such pin
 *                                    at read (/app/sensor.ts:12:9)
 */
import { styleText } from "node:util";
import { isAtLeast, type LogLevel, type LogLine } from "./line.js";
import { type Output, outputOf } from "./output.js";

/** Which lines are shown. */
export interface LogFilter {
  /** The mildest that is shown. Default: "debug", so all. */
  readonly level?: LogLevel;
  /** The tasks whose lines are shown, beside those of the manager. Default: all. */
  readonly tasks?: readonly string[];
}

/** The manager, and what it tells of tasks. */
export const MAIN = "main";

/** Names longer than that stand out of their column. */
const NAME_WIDTH_MAX = 16;
const LEVEL_WIDTH = 5;

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<LogLevel, Style>> = {
  debug: "dim",
  info: "green",
  warn: "yellow",
  error: "red",
};

function two(count: number): string {
  return String(count).padStart(2, "0");
}

/** "17:42:03.112", in local time. */
export function clockText(time_ms: number): string {
  const date = new Date(time_ms);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return `${time}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** A line with its line end. `width` is that of the longest name. */
function formatLine(line: LogLine, width: number, isColoured: boolean): string {
  const { task, level, time_ms, text } = line;
  const styled = (style: Style, part: string): string =>
    isColoured && part !== "" ? styleText(style, part) : part;
  const time = clockText(time_ms);
  const name = `[${task}]`;
  const gap = " ".repeat(Math.max(0, width + 2 - name.length));
  const head = `${time} ${level.padEnd(LEVEL_WIDTH)} ${gap}${name} `;
  const [first = "", ...others] = text.split("\n");
  const isLoud = level === "warn" || level === "error";
  const body = [first, ...others.map((other) => " ".repeat(head.length) + other)]
    .map((part) => (isLoud ? styled(STYLES[level], part) : part))
    .join("\n");
  const shown = `${styled(STYLES[level], level)}${" ".repeat(LEVEL_WIDTH - level.length)}`;
  return `${styled("dim", time)} ${shown} ${gap}${styled("cyan", name)} ${body}\n`;
}

export class Terminal {
  readonly #output: Output = outputOf(2);
  readonly #isColoured = process.stderr.isTTY === true && process.stderr.hasColors();
  readonly #level: LogLevel;
  readonly #tasks: ReadonlySet<string> | null;
  #width = MAIN.length;

  /** `names` are the tasks there are. */
  constructor(names: readonly string[], { level = "debug", tasks }: LogFilter = {}) {
    this.#level = level;
    this.#tasks = tasks === undefined ? null : new Set([...tasks, MAIN]);
    for (const name of names) {
      if (this.#tasks?.has(name) !== false) this.#width = Math.max(this.#width, name.length);
    }
    this.#width = Math.min(this.#width, NAME_WIDTH_MAX);
  }

  /** Does standard error take nothing at the moment? */
  get isFull(): boolean {
    return this.#output.isFull;
  }

  /** Calls back when it takes something again. */
  whenRoom(callback: () => void): void {
    this.#output.whenRoom(callback);
  }

  /** Shows a line, unless it is filtered out. Does not block. */
  write(line: LogLine): void {
    if (!isAtLeast(line.level, this.#level)) return;
    if (this.#tasks !== null && !this.#tasks.has(line.task)) return;
    this.#output.write(formatLine(line, this.#width, this.#isColoured));
  }
}
