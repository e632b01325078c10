/**
 * Timers in virtual time: what setTimeout() and its like are in a task of a simulation.
 */
import { firstDue } from "../due.js";

/** What a timer is asked for: as Node.js, nothing is sooner than after 1 ms. */
function atLeast1(ms: unknown): number {
  const number = Number(ms);
  return number >= 1 ? number : 1;
}

type Callback = (...args: unknown[]) => unknown;

/** What setTimeout() returns. */
export class VirtualTimeout {
  due_ms: number;
  serial: number;
  isRef = true;
  readonly ms: number;
  readonly isRepeated: boolean;
  readonly run: () => void;
  readonly #timers: Timers;

  constructor(timers: Timers, ms: number, isRepeated: boolean, run: () => void) {
    this.#timers = timers;
    this.ms = ms;
    this.isRepeated = isRepeated;
    this.run = run;
    this.due_ms = timers.now() + ms;
    this.serial = timers.nextSerial();
  }

  ref(): this {
    this.isRef = true;
    return this;
  }

  unref(): this {
    this.isRef = false;
    return this;
  }

  hasRef(): boolean {
    return this.isRef;
  }

  refresh(): this {
    this.due_ms = this.#timers.now() + this.ms;
    this.#timers.add(this);
    return this;
  }

  close(): this {
    this.#timers.clear(this);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.serial;
  }
}

/** The timers of one life, in the order in which they are due. */
export class Timers {
  readonly now: () => number;
  readonly #pending = new Set<VirtualTimeout>();
  #serial = 0;

  /** `now` is the clock, in virtual milliseconds. */
  constructor(now: () => number) {
    this.now = now;
  }

  nextSerial(): number {
    return ++this.#serial;
  }

  add(timer: VirtualTimeout): void {
    this.#pending.add(timer);
  }

  /** Takes what setTimeout() has returned, or its number; anything else is nothing to clear. */
  clear(timer: unknown): void {
    for (const known of this.#pending) {
      if (known === timer || known.serial === Number(timer)) this.#pending.delete(known);
    }
  }

  /** The one that is due first; null when there is none. */
  first(): VirtualTimeout | null {
    return firstDue(this.#pending);
  }

  /** Is there one that keeps its task alive? */
  get isHolding(): boolean {
    for (const timer of this.#pending) if (timer.isRef) return true;
    return false;
  }

  /** Runs one that is due. */
  fire(timer: VirtualTimeout): void {
    if (timer.isRepeated) {
      timer.due_ms = this.now() + timer.ms;
      timer.serial = this.nextSerial();
    } else this.#pending.delete(timer);
    timer.run();
  }

  /** Starts one. */
  start(ms: number, isRepeated: boolean, run: () => void): VirtualTimeout {
    const timer = new VirtualTimeout(this, ms, isRepeated, run);
    this.add(timer);
    return timer;
  }

  /** The functions that a program calls, by their names. */
  functions() {
    const clear = (timer: unknown): void => this.clear(timer);
    return {
      setTimeout: (run: Callback, ms?: unknown, ...args: unknown[]) =>
        this.start(atLeast1(ms), false, () => run(...args)),
      setInterval: (run: Callback, ms?: unknown, ...args: unknown[]) =>
        this.start(atLeast1(ms), true, () => run(...args)),
      setImmediate: (run: Callback, ...args: unknown[]) => this.start(0, false, () => run(...args)),
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
    };
  }

  /** node:timers/promises. */
  promises() {
    const { setTimeout, setImmediate } = this.functions();
    return {
      setTimeout: (ms?: unknown, value?: unknown) =>
        new Promise((done) => setTimeout(() => done(value), ms)),
      setImmediate: (value?: unknown) => new Promise((done) => setImmediate(() => done(value))),
      scheduler: {
        wait: (ms?: unknown) => new Promise((done) => setTimeout(done as Callback, ms)),
        yield: () => new Promise((done) => setImmediate(done as Callback)),
      },
    };
  }
}
