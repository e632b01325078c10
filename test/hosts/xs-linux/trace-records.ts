/**
 * What programs/trace-points.ts does, and tells its test: costs of trace points; and records that
 * are written on XS, in C, and once more on Node.js, in TypeScript, also with values that are too
 * large, and over the end of a ring and of its numbers.
 */
import { TASK_WORDS, TASKS_AT } from "../../../src/arena/layout.js";

/** What a trace point costs, on average. */
export interface PointCost {
  readonly bytecodes: number;
  readonly records: number;
  /** Of all calls together. */
  readonly slots: number;
  readonly chunkBytes: number;
  readonly collections: number;
}

/** What the program has found. */
export interface TracePointsResult {
  readonly costs: Readonly<Record<string, PointCost>>;
  /** All words of a ring, for each of FIRST_NUMBERS. */
  readonly rings: readonly (readonly number[])[];
  /** Records that a VM without a ring has written. */
  readonly withoutRing: number;
}

/** What record() is given. */
export type RecordArguments = readonly [kind: number, task: number, value: number, message: number];

/** Records of the ring. */
export const RING_RECORDS = 16;
/** The number in RING_LAST before the first: it wraps below 0, and at 0, which is no stamp. */
export const FIRST_NUMBERS: readonly number[] = [0, 0x7fff_fffc, -4];

const TASKS: readonly number[] = [0, 1, 511].map((place) => TASKS_AT + place * TASK_WORDS);
const VALUES: readonly number[] = [0, 1, 64, 0x7_fffe, 0x7_ffff, 0x8_0000, 0x7fff_ffff, -1];
const MESSAGES: readonly number[] = [0, 8, 0x7fff_fff8, -8, -0x8000_0000, 0x4000_0003];

/** More than the ring has room for. */
export const RECORDS: readonly RecordArguments[] = Array.from({ length: 45 }, (_, i) => [
  1 + (i % 15),
  TASKS[i % TASKS.length]!,
  VALUES[i % VALUES.length]!,
  MESSAGES[i % MESSAGES.length]!,
]);
