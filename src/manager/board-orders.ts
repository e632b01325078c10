/**
 * What was ordered of a board and is not done yet: who waits for what, and what the next launch is
 * to start. board.ts says when.
 */
import type { Outcome } from "./supervise/outcome.js";

type Settle = (outcome: Outcome) => void;

/** Everybody who waits for the same thing. */
export class Waiters {
  #settles: Settle[] = [];

  join(): Promise<Outcome> {
    return new Promise((resolve) => this.#settles.push(resolve));
  }

  settle(outcome: Outcome): void {
    for (const settle of this.take()) settle(outcome);
  }

  /** Those who have joined; they are the caller's to settle now. */
  take(): Settle[] {
    const settles = this.#settles;
    this.#settles = [];
    return settles;
  }
}

/** One start() that has not begun. */
export interface StartOrder {
  readonly names: readonly string[];
  readonly settle: Settle;
}

/** What the next launch is to start, and who waits for it. */
export class LaunchPlan {
  /** Names of tasks. */
  readonly names = new Set<string>();
  /** Those of them that somebody has named: they start though they would be held. */
  readonly named = new Set<string>();
  /** Tasks that are held once they have been started. */
  readonly held = new Set<string>();
  readonly orders: StartOrder[] = [];

  add(order: StartOrder, isNamed: boolean): void {
    this.orders.push(order);
    for (const name of order.names) this.include(name, true, isNamed);
  }

  include(name: string, isIncluded: boolean, isNamed: boolean): void {
    if (isIncluded) this.names.add(name);
    else this.names.delete(name);
    if (isIncluded && isNamed) this.named.add(name);
    else this.named.delete(name);
  }

  hold(name: string, isHeld: boolean): void {
    if (isHeld) this.held.add(name);
    else this.held.delete(name);
  }
}
