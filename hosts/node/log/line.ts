/**
 * A line of the log: what is known of it, and how bad it may be.
 */

/** How bad a line is, the mildest first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** How bad a line of a task's log is. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One call of a task's console, or one event that the main thread tells. */
export interface LogLine {
  /** Name of the task; "main" for the manager. */
  readonly task: string;
  readonly level: LogLevel;
  /** When it was written: milliseconds since 1970, as Date.now() has them. */
  readonly time_ms: number;
  /** Without the line end. It may have several lines, as a stack has. */
  readonly text: string;
}

/** Is it as bad as `least`, or worse? */
export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}
