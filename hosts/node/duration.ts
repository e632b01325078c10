/**
 * Durations as people write them: "500ms", "2s", "1.5", "3m", "1h". For `--duration` and for the
 * intervals of a fault plan.
 */
import { UsageError } from "./input-error.js";

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Timers of Node.js fire at once beyond this: 2^31 - 1 ms, almost 25 days. */
const DURATION_MAX_MS = 0x7fff_ffff;

/**
 * Milliseconds of a duration, a whole number from 1 to 2^31 - 1. A plain number is seconds.
 * Throws a UsageError that starts with `what`, the name of the option.
 */
export function readDuration(text: string, what = "duration"): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const ms = match === null ? NaN : Math.round(Number(match[1]) * UNIT_MS[match[2] ?? "s"]!);
  if (!(ms >= 1 && ms <= DURATION_MAX_MS)) {
    throw new UsageError(
      `${what}: found "${text}", allowed is a number of seconds or a number with ms, s, m or h, ` +
        `such as 500ms or 2s, from 1ms to ${DURATION_MAX_MS}ms`,
    );
  }
  return ms;
}
