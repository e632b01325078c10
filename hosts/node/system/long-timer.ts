/**
 * Timers for any time. Those of Node.js fire at once beyond 2^31 - 1 ms, almost 25 days.
 */

/** The longest that a timer of Node.js waits. */
const STEP_MAX_MS = 0x7fff_ffff;

/** A call that is to come. */
export interface Later {
  cancel(): void;
}

/** Calls `callback` once, in `ms` milliseconds. */
export function callLater(callback: () => void, ms: number): Later {
  let left_ms = ms;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const step_ms = Math.min(left_ms, STEP_MAX_MS);
    left_ms -= step_ms;
    timer = setTimeout(left_ms > 0 ? wait : callback, step_ms);
  };
  wait();
  return { cancel: () => clearTimeout(timer) };
}
