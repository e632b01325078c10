/**
 * A line of the board: what the chip's pin does to it, what drives it from outside, and the level
 * that comes of both.
 *
 * What the chip does ends when the pin is closed, or when its task is over; what comes from outside
 * stays, and so does what the line leads to.
 */
import { FALLING, RISING } from "../wire/operations.js";
import type { Level, Pin } from "./description.js";

/** How many changes are remembered; the counts go on. */
export const HISTORY_MAX = 1_000;

/** What the chip does with its pin. */
export type Output =
  | { readonly kind: "none"; readonly pull: "up" | "down" | null }
  | { readonly kind: "push-pull"; readonly level: Level }
  | { readonly kind: "open-drain"; readonly level: Level };

/** As ESP-IDF leaves a pin: an input that is off, with its pull-up on. */
export const RESET: Output = { kind: "none", pull: "up" };

/** Calls code of the application, named `what`, and tells what it throws. */
export type Guard = (what: string, act: () => void) => void;

/** A change of a level. */
export interface LevelChange {
  /** Milliseconds since the board was switched on. */
  readonly at_ms: number;
  readonly level: Level;
}

/** Who has a pin; those with the same key share it. */
export interface Owner {
  readonly key: string;
  /** Name of the task. */
  readonly task: string;
}

export class Line {
  readonly pin: number;
  /** The last changes, oldest first. */
  readonly history: LevelChange[] = [];
  /** Changes since the board was switched on. */
  rises = 0;
  falls = 0;
  /** Who has the pin open, once for each time. */
  readonly owners: Owner[] = [];
  /** Called after each change: with RISING or FALLING. */
  readonly watchers = new Set<(edge: number) => void>();
  readonly #description: Pin;
  readonly #guard: Guard;
  #output: Output = RESET;
  #outside: Level | null;
  /** A disturbance, and what the chip sees of a line that is stuck. */
  #forced: Level | null = null;
  #stuck: Level | null = null;
  #level: Level;

  constructor(pin: number, description: Pin, guard: Guard) {
    this.pin = pin;
    this.#description = description;
    this.#guard = guard;
    this.#outside = description.level ?? null;
    this.#level = this.#resolve();
  }

  /** Of the line. */
  get level(): Level {
    return this.#level;
  }

  /** What the chip reads. */
  get seen(): Level {
    return this.#stuck ?? this.#level;
  }

  /** Takes the pin. Throws when somebody else has it. */
  claim(owner: Owner, failure: new (text: string) => Error): void {
    const other = this.owners.find(({ key }) => key !== owner.key);
    if (other !== undefined) {
      throw new failure(`in use: task "${other.task}" has pin ${this.pin} open`);
    }
    this.#stuck = null;
    this.owners.push(owner);
  }

  /** Gives the pin back, once. Is it free now? */
  release(owner: Owner): boolean {
    const place = this.owners.indexOf(owner);
    if (place >= 0) this.owners.splice(place, 1);
    return this.owners.length === 0;
  }

  /** The chip does something else with its pin. */
  setOutput(output: Output): void {
    this.#output = output;
    this.#settle();
  }

  /** Somebody outside does; null lets go. */
  drive(level: Level | null): void {
    this.#outside = level;
    this.#settle();
  }

  /** A duty cycle was set. */
  setDuty(duty: number, hz: number): void {
    this.setOutput({ kind: "push-pull", level: duty > 0 ? 1 : 0 });
    const { onDuty } = this.#description;
    if (onDuty !== undefined) this.#guard(`pins[${this.pin}].onDuty`, () => onDuty(duty, hz));
  }

  /** A disturbance: to the other level, and back. */
  disturb(): void {
    this.#forced = this.#level === 1 ? 0 : 1;
    this.#settle();
    this.#forced = null;
    this.#settle();
  }

  /** The chip sees no more changes, until the pin is opened anew. */
  stick(): void {
    this.#stuck = this.#level;
  }

  #settle(): void {
    const level = this.#resolve();
    if (level === this.#level) return;
    this.#level = level;
    if (level === 1) this.rises++;
    else this.falls++;
    this.history.push({ at_ms: performance.now(), level });
    if (this.history.length > HISTORY_MAX) this.history.shift();
    const { onLevel } = this.#description;
    if (onLevel !== undefined) this.#guard(`pins[${this.pin}].onLevel`, () => onLevel(level));
    if (this.#stuck !== null) return;
    for (const watcher of this.watchers) watcher(level === 1 ? RISING : FALLING);
  }

  /** Who drives a line is stronger than who pulls it; a resistor of the board than the chip's. */
  #resolve(): Level {
    const output = this.#output;
    if (this.#forced !== null) return this.#forced;
    if (output.kind === "push-pull") return output.level;
    if (output.kind === "open-drain" && output.level === 0) return 0;
    if (this.#outside !== null) return this.#outside;
    const pull = this.#description.pull ?? (output.kind === "none" ? output.pull : null);
    return pull === "up" ? 1 : 0;
  }
}
