/**
 * The points of messages where a fault strikes, as main and the threads of tasks share them: which
 * message of which task it is, and how many there have been. They outlive incarnations, and the
 * arena.
 *
 * Main writes all words of a point but the count, and its key last. The count is written by the
 * task in that place: its successor counts on. A task stands still at a point, and is lost to it,
 * when the count comes to the number.
 */

/** So many points at a time. */
export const POINTS_MAX = 64;

/** The first word: one more than the highest point that is set. Tasks look no further. */
export const POINTS_END = 0;
const HEAD_WORDS = 4;

/** place << KEY_SHIFT | AT_; 0 for a point that is not set. */
export const POINT_KEY = 0;
/** The first word of the messages that count; with IS_TAGGED. */
export const POINT_TAG = 1;
/** 1 when only messages of that tag count. */
export const POINT_IS_TAGGED = 2;
/** Which one it is, from 1 on. */
export const POINT_NUMBER = 3;
/** How many there have been. Wraps: far behind any number. */
export const POINT_COUNT = 4;
const POINT_WORDS = 8;

/** A message has been received, and its server has not seen it yet. */
export const AT_MESSAGE = 1;
/** Its server is about to answer it: whatever it does for it is done. */
export const AT_ANSWER = 2;
const KEY_SHIFT = 2;

/** The words of all points. */
export const POINTS_WORDS = HEAD_WORDS + POINTS_MAX * POINT_WORDS;

export function pointAt(point: number): number {
  return HEAD_WORDS + point * POINT_WORDS;
}

export function keyOf(place: number, at: number): number {
  return (place << KEY_SHIFT) | at;
}
