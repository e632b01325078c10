/**
 * Histograms of times: each bucket has twice the width of the one before.
 */

/** The n-th has what took less than 2^n µs and no less than half of that, the last all the rest. */
export const BUCKETS = 16;

/** Which bucket a time belongs to. */
export function bucketOf(time_us: number): number {
  return Math.min(BUCKETS - 1, 32 - Math.clz32(Math.max(0, Math.floor(time_us))));
}
