/**
 * When a board speaks to its broker though it has nothing to say, and when it looks for one that is
 * gone: the same on every host.
 */

/** The broker takes a board for gone when it has heard nothing for one and a half of these. */
export const KEEPALIVE_MS = 4_000;
/** A lost connection is made anew after so long, and up to as much more: not all boards at once. */
const RECONNECT_MS = 500;
/** Each failure in a row doubles that, so often at most: a name that is looked up costs Wi-Fi. */
const DOUBLINGS_MAX = 3;

/** How long to wait before the next try, after so many that have failed in a row. */
export function reconnectPause(failures: number, random: () => number): number {
  return Math.round((RECONNECT_MS << Math.min(failures, DOUBLINGS_MAX)) * (1 + random()));
}
