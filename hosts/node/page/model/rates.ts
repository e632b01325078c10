/**
 * How fast counters grow, and how long messages took: differences of frames that are about a second
 * apart.
 */
import type { Frame, TaskRow } from "../../watch/protocol.js";
import type { Traffic } from "../../watch/traffic.js";

/** Over which time a rate is taken: long enough to be readable, short enough to be of now. */
const RATE_MS = 1000;

/** Counters of a task that have a rate. */
export type RatedCounter = "sent" | "received" | "recoveries";

/** The rows of a frame by name. A chart asks for the same ones thousands of times. */
const rowsByName = new WeakMap<Frame, ReadonlyMap<string, TaskRow>>();

/** The row of a task in a frame. */
export function rowIn(frame: Frame, name: string): TaskRow | undefined {
  let rows = rowsByName.get(frame);
  if (rows === undefined) {
    rows = new Map(frame.tasks.map((row) => [row.name, row]));
    rowsByName.set(frame, rows);
  }
  return rows.get(name);
}

/** Index of the frame about a second before the one at `index`. */
export function spanBefore(frames: readonly Frame[], index: number): number {
  const last = frames[index];
  if (last === undefined) return index;
  const before = frames.findLastIndex(({ ms }) => last.ms - ms >= RATE_MS);
  return Math.max(0, before);
}

/** What a counter grew by each second, in the second before a frame. */
export function rateOf(
  frames: readonly Frame[],
  index: number,
  name: string,
  counter: RatedCounter,
): number {
  const first = spanBefore(frames, index);
  const [begin, end] = [frames[first], frames[index]];
  if (begin === undefined || end === undefined || begin === end) return 0;
  let grown = 0;
  for (let i = first + 1; i <= index; i++) {
    const now = rowIn(frames[i]!, name);
    const then = rowIn(frames[i - 1]!, name);
    if (now === undefined) continue;
    const [value, earlier] = [now.totals[counter], then?.totals[counter] ?? 0];
    // It began again, with another board.
    grown += value >= earlier ? value - earlier : value;
  }
  return (grown * 1000) / (end.ms - begin.ms);
}

/**
 * The time, in milliseconds, that a share of round trips did not exceed: the upper end of its
 * bucket, whose n-th holds those below 2^n microseconds. null when there were none.
 */
export function percentile(buckets: readonly number[], share: number): number | null {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [power, count] of buckets.entries()) {
    seen += count;
    if (seen >= share * total) return 2 ** power / 1000;
  }
  return null;
}

/**
 * Round trips in the second before a frame by their time, of one client, or of all. They are
 * counted over all incarnations: what was there when a route was first seen in that second is
 * older.
 */
export function tripsOf(frames: readonly Frame[], index: number, client: string | null): number[] {
  const before = new Map<string, Traffic>();
  const now = new Map<string, Traffic>();
  for (let i = spanBefore(frames, index); i <= index; i++) {
    for (const { client: owner, server, traffic } of frames[i]!.connections) {
      if (traffic === null || (client !== null && owner !== client)) continue;
      const route = `${owner} ${server}`;
      if (!before.has(route)) before.set(route, traffic);
      now.set(route, traffic);
    }
  }
  const sums: number[] = [];
  for (const [route, { buckets }] of now) {
    const earlier = before.get(route)!.buckets;
    buckets.forEach((count, power) => {
      sums[power] = (sums[power] ?? 0) + Math.max(0, count - (earlier[power] ?? 0));
    });
  }
  return sums;
}
