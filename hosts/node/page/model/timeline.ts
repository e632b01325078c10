/**
 * The timeline as numbers: which span it shows, what is in each of its pixels, and which waits are
 * long enough to be named. The view only paints.
 */
import type { Lane, Segment } from "./lane.js";
import { LONG_MS, STATE_COUNT } from "./moment.js";
import { SPAN_MAX_MS } from "./recording.js";
import { isWaiting } from "./states.js";

/** The closest look, in milliseconds: a message takes some microseconds. */
const SPAN_MIN_MS = 0.5;

/** What the timeline shows; `end_ms` is null while it follows the board. */
export interface View {
  readonly span_ms: number;
  readonly end_ms: number | null;
}

export interface Span {
  readonly from_ms: number;
  readonly to_ms: number;
}

/** The span that a view shows when the board is at `now_ms`. */
export function spanOf({ span_ms, end_ms }: View, now_ms: number): Span {
  const end = end_ms ?? now_ms;
  const to_ms = Math.max(span_ms, end);
  return { from_ms: to_ms - span_ms, to_ms };
}

/** The same view with another span, whose point at `share` of its width stays where it is. */
export function zoomed(view: View, factor: number, now_ms: number, share: number): View {
  const { from_ms, to_ms } = spanOf(view, now_ms);
  const span_ms = Math.min(SPAN_MAX_MS, Math.max(SPAN_MIN_MS, view.span_ms * factor));
  // At its right edge it goes on following.
  if (view.end_ms === null && share >= 0.98) return { span_ms, end_ms: null };
  const point = from_ms + (to_ms - from_ms) * share;
  return { span_ms, end_ms: Math.min(now_ms, point + span_ms * (1 - share)) };
}

/** The same span, moved; it follows again when it comes to the present. */
export function moved(view: View, by_ms: number, now_ms: number): View {
  const end = spanOf(view, now_ms).to_ms + by_ms;
  return { span_ms: view.span_ms, end_ms: end >= now_ms ? null : Math.max(view.span_ms, end) };
}

/**
 * Calls `visit` for each pixel of which something is known, with the share of each state in it, by
 * the code of the state. `shares` is the same array each time.
 */
export function forEachColumn(
  lane: Lane,
  { from_ms, to_ms }: Span,
  width: number,
  visit: (pixel: number, shares: Float64Array) => void,
): void {
  const shares = new Float64Array(STATE_COUNT);
  const each = (to_ms - from_ms) / width;
  const first = Math.max(0, Math.floor((lane.begin_ms - from_ms) / each));
  const last = Math.min(width, Math.ceil((lane.end_ms - from_ms) / each));
  for (let pixel = first; pixel < last; pixel++) {
    shares.fill(0);
    const start = from_ms + pixel * each;
    lane.addShares(start, start + each, shares);
    let total = 0;
    for (const share of shares) total += share;
    if (total === 0) continue;
    for (let code = 0; code < shares.length; code++) shares[code]! /= total;
    visit(pixel, shares);
  }
}

/** Waits and recoveries that are long enough to be named. */
export function longWaits(lane: Lane, { from_ms, to_ms }: Span): Segment[] {
  const waits: Segment[] = [];
  lane.forEach(from_ms, to_ms, (segment) => {
    const isNamed = isWaiting(segment.state) || segment.state === "RECOVERING";
    if (isNamed && segment.to_ms - segment.from_ms >= LONG_MS) waits.push(segment);
  });
  return waits;
}

/** 0.05, 0.1, 0.2, 0.5 and so on, to 20,000. */
const STEPS_MS = [0.1, 1, 10, 100, 1000, 10_000].flatMap((ten) => [ten / 2, ten, 2 * ten]);
/** A label and the space beside it, in pixels; a label to the microsecond is longer. */
const LABEL_WIDTH = 56;
const LONG_LABEL_WIDTH = 84;

/** Digits behind the point of a second that a step of so many milliseconds needs. */
function digitsOf(step_ms: number): number {
  return Math.max(0, Math.ceil(3 - Math.log10(step_ms) - 1e-9));
}

/** A moment in seconds, as exactly as a pixel of the picture can tell it. */
export function shownMoment(ms: number, { from_ms, to_ms }: Span): string {
  const digits = Math.min(6, Math.max(2, digitsOf((to_ms - from_ms) / 100)));
  return `${(ms / 1000).toFixed(digits)} s`;
}

/** Where the marks of the time axis are, in milliseconds, with their labels. */
export function ticksOf({ from_ms, to_ms }: Span, width: number): { ms: number; label: string }[] {
  const span = to_ms - from_ms;
  const wide = span < 1000 ? LONG_LABEL_WIDTH : LABEL_WIDTH;
  const step = STEPS_MS.find((candidate) => span / candidate <= width / wide) ?? STEPS_MS.at(-1)!;
  const digits = digitsOf(step);
  const ticks: { ms: number; label: string }[] = [];
  for (let ms = Math.ceil(from_ms / step) * step; ms <= to_ms; ms += step) {
    ticks.push({ ms, label: `${(ms / 1000).toFixed(digits)} s` });
  }
  return ticks;
}
