/**
 * Durations as people write them: "500ms", "2s", "1.5", "3m", "1h". For `--duration` and for the
 * intervals of a fault plan; and as they read them.
 */
import { UsageError } from "../input-error.js";

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A hundred years: more is a slip of the finger. */
const DURATION_MAX_MS = 100 * 365 * 24 * 3_600_000;

/**
 * Milliseconds of a duration, a whole number from 1 to those of a hundred years. A plain number is
 * seconds. Throws a UsageError that starts with `what`, the name of the option.
 */
export function readDuration(text: string, what = "duration"): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const ms = match === null ? NaN : Math.round(Number(match[1]) * UNIT_MS[match[2] ?? "s"]!);
  if (!(ms >= 1 && ms <= DURATION_MAX_MS)) {
    throw new UsageError(
      `${what}: found "${text}", allowed is a number of seconds or a number with ms, s, m or h, ` +
        `such as 500ms or 2s, from 1ms to 876000h`,
    );
  }
  return ms;
}

/** Steps of shownDuration: up to which time, in which unit. Beyond them come days. */
const STEPS: readonly [below_ms: number, unit_ms: number, unit: string][] = [
  [999.5, 1, "ms"],
  [59_950, 1_000, "s"],
  [59.95 * 60_000, 60_000, "min"],
  [23.95 * 3_600_000, 3_600_000, "h"],
];

/** "120 ms", "1.2 s", "3.5 min", "2 h", "1.5 d": one decimal, and none of milliseconds. */
export function shownDuration(ms: number): string {
  const [, unit_ms, unit] = STEPS.find(([below_ms]) => ms < below_ms) ?? [0, 86_400_000, "d"];
  const digits = unit_ms === 1 ? 0 : 1;
  return `${Number((ms / unit_ms).toFixed(digits))} ${unit}`;
}
