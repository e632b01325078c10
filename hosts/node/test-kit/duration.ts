/**
 * Times, as tests write them.
 */
import { inspect } from "node:util";
import { UsageError } from "../input-error.js";
import { readDuration } from "../system/duration.js";

/** A time: milliseconds, or as people write it: "500 ms", "2 s", "5 m", "3 h". */
export type Duration = number | string;

/** Milliseconds of a time. Throws a UsageError that starts with `what`. */
export function milliseconds(time: Duration, what: string): number {
  if (typeof time === "string") return readDuration(time.replaceAll(" ", ""), what);
  if (Number.isFinite(time) && time >= 0) return time;
  const allowed = `milliseconds from 0 on, or a text such as "2 s"`;
  throw new UsageError(`${what}: found ${inspect(time)}, allowed are ${allowed}`);
}
