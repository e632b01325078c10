/**
 * How long `reattach simulate` runs, as its command line says it.
 */
import { UsageError } from "../input-error.js";

/** What is asked for where nothing is said. */
const HOURS = 1;
const RUNS = 10;
/** Where only hours are given, a run has no more of them: several cores can share the work. */
const HOURS_EACH = 10;
/** As many as a person waits for. */
const HOURS_MAX = 1_000_000;
const RUNS_MAX = 1_000_000;

/** Runs, and the simulated hours of each. */
export interface Length {
  readonly hours: number;
  readonly runs: number;
}

/** A number from 0 on. Throws a UsageError. */
export function readNumber(text: string, option: string, max: number): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value <= max) return value;
  throw new UsageError(`${option}: found "${text}", allowed is a number from 0 to ${max}`);
}

/** A whole number from `min` on. Throws a UsageError. */
export function readCount(text: string, option: string, max: number, min = 1): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(
    `${option}: found "${text}", allowed is a whole number from ${min} to ${max}`,
  );
}

/**
 * With --runs the hours are those of each run; alone, of all runs together. Where faults are given
 * with their times there is one run, however long. Throws a UsageError.
 */
export function readLength(
  hours: string | undefined,
  runs: string | undefined,
  hasPlan: boolean,
): Length {
  const asked = hours === undefined ? HOURS : readNumber(hours, "--hours", HOURS_MAX);
  if (runs !== undefined) return { hours: asked, runs: readCount(runs, "--runs", RUNS_MAX) };
  if (hours === undefined) return { hours: asked, runs: RUNS };
  const count = hasPlan ? 1 : Math.max(1, Math.ceil(asked / HOURS_EACH));
  return { hours: asked / count, runs: count };
}
