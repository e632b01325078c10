/**
 * "timer" of Moddable: what drivers wait with.
 */

type Callback = (timer: Timer) => void;

/** Longer than that Node.js does not sleep: 2^31 - 1 ms. */
const TIMER_MAX_MS = 0x7fff_ffff;

/** Nobody ever rings here: it is for sleeping. */
const pillow = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

export default class Timer {
  readonly #callback: Callback;
  #timeout: NodeJS.Timeout | undefined;

  private constructor(callback: Callback) {
    this.#callback = callback;
  }

  /** Calls once after `interval_ms`, then again and again every `repeat_ms` unless that is 0. */
  static set(callback: Callback, interval_ms = 0, repeat_ms = 0): Timer {
    const timer = new Timer(callback);
    timer.#start(interval_ms, repeat_ms);
    return timer;
  }

  /** Calls every `interval_ms`. */
  static repeat(callback: Callback, interval_ms: number): Timer {
    return Timer.set(callback, interval_ms, interval_ms);
  }

  /** Starts a timer anew; without an interval it rests. */
  static schedule(timer: Timer, interval_ms?: number, repeat_ms = 0): void {
    clearTimeout(timer.#timeout);
    if (interval_ms !== undefined) timer.#start(interval_ms, repeat_ms);
  }

  static clear(timer: Timer | null | undefined): void {
    if (timer) clearTimeout(timer.#timeout);
  }

  /** Blocks. */
  static delay(ms: number): void {
    Atomics.wait(pillow, 0, 0, Math.max(0, ms));
  }

  #start(interval_ms: number, repeat_ms: number): void {
    const wait_ms = Math.min(interval_ms, TIMER_MAX_MS);
    this.#timeout = setTimeout(() => {
      // First: the callback may clear it, or schedule it in another way.
      if (repeat_ms > 0) this.#start(repeat_ms, repeat_ms);
      this.#callback(this);
    }, wait_ms);
  }
}
