/**
 * Heartbeats: pure functions of the clock and of what was seen of a task.
 *
 * As in QNX, a task is looked at when a period ends: a beat at 2 s of a 5 s period counts at 5 s,
 * and two beats within one period count once. Periods follow each other without a gap from the
 * start on; a look that comes late by half a period or more blames nobody, and they begin anew.
 */
import type { Vitals } from "../../kernel/inspect/vitals.js";

export interface Heart {
  readonly period_ms: number;
  /** Periods without a beat, in a row, that make the low and the high mark; 0: no such mark. */
  readonly low: number;
  readonly high: number;
  /** Only ham_heartbeat() counts, not that the task passes through the kernel. */
  readonly isStrict: boolean;
  /** When the period ends. */
  due_ms: number;
  /** Periods in a row that ended without a sign of life. */
  missed: number;
  /** The high mark was reached: nothing is counted until the heart is declared healthy. */
  isResting: boolean;
  /** Counts as a beat in this period. */
  hasCredit: boolean;
  /** What was seen when the last period ended. */
  beats: number;
  passes: number;
}

/** What the end of a period says. */
export const HEART_OK = 0;
export const HEART_LOW = 1;
export const HEART_HIGH = 2;

export function createHeart(
  period_ms: number,
  low: number,
  high: number,
  isStrict: boolean,
): Heart {
  return {
    period_ms,
    low,
    high,
    isStrict,
    due_ms: 0,
    missed: 0,
    isResting: false,
    hasCredit: false,
    beats: 0,
    passes: 0,
  };
}

/** The first period begins now. It is longer than the others, by less than one of them. */
export function startHeart(heart: Heart, { beats, passes }: Vitals, now: number): void {
  heart.due_ms = firstEnd(heart.period_ms, now);
  heart.beats = beats;
  heart.passes = passes;
  declareHealthy(heart);
}

/** Forgets what was missed, and goes on counting. */
export function declareHealthy(heart: Heart): void {
  heart.missed = 0;
  heart.isResting = false;
}

/** As if the task had just beaten. */
export function creditHeart(heart: Heart): void {
  heart.missed = 0;
  heart.hasCredit = true;
}

/** True when a task has missed as much as it may: who waits for it waits for a hung task. */
export function hasReachedMark({ missed, low, high }: Heart): boolean {
  const mark = high !== 0 ? high : low;
  return mark !== 0 && missed >= mark;
}

/**
 * When a period ends that begins now: on the grid of all periods of this length, whoever's they
 * are. So main looks once for all tasks that have the same.
 */
function firstEnd(period_ms: number, now: number): number {
  return Math.ceil(now / period_ms) * period_ms + period_ms;
}

/**
 * The period that ends now, or has ended, is over: the next one begins. From now on when the look
 * is late, so that no period is too short to show life in.
 */
function nextPeriod(heart: Heart, now: number): void {
  const { due_ms, period_ms } = heart;
  heart.due_ms = now - due_ms > period_ms / 2 ? firstEnd(period_ms, now) : due_ms + period_ms;
}

/**
 * Did main come so late to look that it cannot tell? It stood still, or the whole process or
 * computer did.
 */
function isLateFor({ due_ms, period_ms }: Heart, now: number): boolean {
  return now - due_ms > period_ms / 2;
}

/**
 * A period has ended in which the task has plainly shown life: then the next one begins, and that
 * is all. False, and nothing has changed, where there is more to ask.
 */
export function endHealthyPeriod(heart: Heart, vitals: Vitals, now: number): boolean {
  if (heart.isResting) return false;
  const { beats, passes } = vitals;
  const hasPassed = passes !== heart.passes && vitals.waitsFor === 0 && !heart.isStrict;
  if (!hasPassed && beats === heart.beats) return false;
  heart.beats = beats;
  heart.passes = passes;
  heart.hasCredit = false;
  heart.missed = 0;
  nextPeriod(heart, now);
  return true;
}

/**
 * A period has ended. `isBlamed`: it waits in a deadlock, and is the one of it to be ended: then it
 * does not help that a sleeping task passes through the kernel. `isExcused`: it waits for one that
 * is not to blame. Returns HEART_OK, or which marks were just reached: HEART_LOW | HEART_HIGH.
 */
export function endPeriod(
  heart: Heart,
  { beats, passes }: Vitals,
  now: number,
  isBlamed: boolean,
  isExcused: boolean,
): number {
  const hasPassed = !heart.isStrict && !isBlamed && passes !== heart.passes;
  const hasBeaten = heart.hasCredit || beats !== heart.beats || hasPassed;
  const isLate = isLateFor(heart, now);
  heart.beats = beats;
  heart.passes = passes;
  heart.hasCredit = false;
  nextPeriod(heart, now);
  if (heart.isResting) return HEART_OK;
  if (hasBeaten) {
    heart.missed = 0;
    return HEART_OK;
  }
  if (isLate || (isExcused && !isBlamed)) return HEART_OK;
  heart.missed++;
  let marks = HEART_OK;
  if (heart.missed === heart.low) marks |= HEART_LOW;
  if (heart.missed === heart.high) {
    marks |= HEART_HIGH;
    heart.isResting = true;
  }
  return marks;
}
