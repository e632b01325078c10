/**
 * The tick of the main VM: a hundred times a second, above all tasks, and nearly always for
 * nothing. Then it costs next to nothing.
 *
 * There is something to do when the main VM's doorbell has been raised since the last look, or when
 * the time has come for what is due. Whoever has news for main writes it, then raises the doorbell:
 * a request, a reply, a pulse and a death do, a name that is registered, a worker with a new stage,
 * and what main itself orders. Main reads the doorbell before it looks, so what comes after its
 * look is found at the next tick. Who can die or be late between the two steps:
 * - a task that dies: the report of its death raises the doorbell;
 * - a task that is held up: it raises the doorbell when it runs again, and is seen then;
 * - a task that writes over the doorbell: the port looks every BACKSTOP_MS of watch.ts, and a
 *   message is found by the next ring of anybody.
 */
import { load } from "../arena/atomic.js";
import * as L from "../arena/layout.js";
import type { Outbox, Vm } from "../arena/vm.js";

/**
 * Of the ticks until something is due: these do not even look at the clock. No timer is early; one
 * that is late by a seventh is still in time.
 */
const SKIPPED_SHARE = 7 / 8;
/** How often the guardian is fed, at least, in the time that it allows. */
const FEEDS = 4;

/** What a tick calls. */
export interface TickTarget {
  /** Shows the guardian that the main VM runs. */
  feed(): void;
  /** Milliseconds of the main VM's clock. */
  now(): number;
  /** There is something to do; `isRung`: since the doorbell says so. Ends with until(). */
  look(now: number, isRung: boolean): void;
  /** A send is under way, and nothing else is to be done. */
  moveSend(): void;
}

export class Tick {
  readonly #target: TickTarget;
  /** How many ticks may be skipped for each millisecond that is left, and at most. */
  readonly #skipsPerMs: number;
  readonly #skipsMax: number;
  #own!: Int32Array;
  #outbox!: Outbox;
  /** The doorbell at the last look. */
  #seen = 0;
  #due_ms = -Infinity;
  #skips = 0;

  /** `tick_ms` 0: poll() is called when something is due. `guardian_ms` 0: there is no guardian. */
  constructor(target: TickTarget, tick_ms: number, guardian_ms: number) {
    this.#target = target;
    this.#skipsPerMs = tick_ms === 0 ? 0 : SKIPPED_SHARE / tick_ms;
    this.#skipsMax = guardian_ms === 0 ? Infinity : (guardian_ms / FEEDS) * this.#skipsPerMs;
  }

  /** The main VM whose doorbell it is: that of the board as it is now. */
  use({ own, outbox }: Vm): void {
    this.#own = own;
    this.#outbox = outbox;
  }

  /** From when on there is something to do though nobody rings. */
  until(due_ms: number): void {
    this.#due_ms = due_ms;
    this.#skips = 0;
  }

  /** Called at each tick, by a timer itself: a call more would cost a third of it. */
  readonly poll = (): void => {
    // Nearly all ticks end here: a local variable for the doorbell would cost four bytecodes.
    if (this.#own[L.TASK_BELL] === this.#seen && --this.#skips >= 0) return;
    const target = this.#target;
    target.feed();
    const now = target.now();
    if (this.#own[L.TASK_BELL] !== this.#seen || now >= this.#due_ms) return this.#look(now);
    if (this.#outbox.done !== null) return target.moveSend();
    const skips = ((this.#due_ms - now) * this.#skipsPerMs) | 0;
    this.#skips = skips < this.#skipsMax ? skips : this.#skipsMax;
  };

  #look(now: number): void {
    // Before the look: what comes after it rings again.
    const bell = load(this.#own, L.TASK_BELL);
    const isRung = bell !== this.#seen;
    this.#seen = bell;
    this.#target.look(now, isRung);
  }
}
