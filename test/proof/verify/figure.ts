/**
 * Figures: what a check counted (states, schedules, kills, calls), as a line of TAP that the
 * summary of `npm run verify` picks up.
 */
import type test from "tape";

/** `# figure kills 10312`: how many of something a check has gone through. A stage sums up. */
export function figure(t: test.Test, name: string, count: number): void {
  if (!Number.isSafeInteger(count)) throw new Error(`figure ${name}: ${count} is not a count`);
  t.comment(`figure ${name} ${count}`);
}

/** Reads such a line; null for any other. */
export function readFigure(line: string): { readonly name: string; readonly count: number } | null {
  const match = /^# figure (.+) (\d+)$/.exec(line);
  return match === null ? null : { name: match[1]!, count: Number(match[2]) };
}
