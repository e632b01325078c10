/**
 * Is a series flat? A pure function of what was measured.
 *
 * The readings after a warm-up are cut into windows, and each window is represented by its lowest
 * reading: what is left when nothing happens to be in use. The slope is the median of the slopes
 * between all pairs of windows (Theil and Sen), so a few odd windows change nothing. A series
 * leaks when two things are true of it: the slope makes more of the whole run than the limit
 * allows, and nearly all pairs rise. Noise has the second against it, a single step both.
 */

/** Windows after the warm-up. */
export const WINDOWS = 12;
/** Of the run: caches fill, optimized code is made, pools of the allocator grow. */
const WARM_UP_SHARE = 0.25;
/** Of the pairs of windows that rise in a leak; of noise it is a half, of a step up to 3/4. */
const RISING_SHARE = 0.85;

/** What was read of one thing, in the order of time. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
  /** So much growth over the whole run is allowed, and why. */
  readonly limit: number;
  readonly reason: string;
}

/** What is to be said of a series. */
export interface Judgement {
  readonly name: string;
  /** Null when there are too few readings. */
  readonly isFlat: boolean | null;
  /** By the slope, over all that was judged. */
  readonly growth: number;
  /** Of the pairs of windows. */
  readonly rising: number;
  readonly limit: number;
  readonly reason: string;
}

/** The lowest reading of each window; none when there are too few. */
function windowsOf(values: readonly number[]): number[] {
  const judged = values.slice(Math.floor(values.length * WARM_UP_SHARE));
  if (judged.length < WINDOWS) return [];
  return Array.from({ length: WINDOWS }, (_, i) => {
    const start = Math.floor((i * judged.length) / WINDOWS);
    const end = Math.floor(((i + 1) * judged.length) / WINDOWS);
    return Math.min(...judged.slice(start, end));
  });
}

function median(values: readonly number[]): number {
  const sorted = values.slice().sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Judges one series. */
export function judgeSeries({ name, values, limit, reason }: Series): Judgement {
  const windows = windowsOf(values);
  if (windows.length === 0) return { name, isFlat: null, growth: 0, rising: 0, limit, reason };
  const slopes: number[] = [];
  for (let i = 0; i < windows.length; i++) {
    for (let j = i + 1; j < windows.length; j++) slopes.push((windows[j]! - windows[i]!) / (j - i));
  }
  const growth = median(slopes) * (windows.length - 1);
  const rising = slopes.filter((slope) => slope > 0).length / slopes.length;
  const isFlat = growth <= limit || rising < RISING_SHARE;
  return { name, isFlat, growth, rising, limit, reason };
}
