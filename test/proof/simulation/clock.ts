/**
 * Fake time: a clock that jumps to the next event, and the events. It exists so that an idle hour
 * costs nothing, and so that a run with the same seed is the same run.
 */

interface Event {
  readonly at_ms: number;
  readonly order: number;
  readonly act: () => void;
}

export class Clock {
  /** Not 0: a port's time has any origin. */
  now_ms = 1_000;
  #events: Event[] = [];
  #order = 0;

  /** When the first event is due; Infinity for none. */
  get next_ms(): number {
    return this.#events.length === 0 ? Infinity : this.#events[this.#events.length - 1]!.at_ms;
  }

  /** Has `act` called in so many milliseconds; of one moment, in the order of their making. */
  after(ms: number, act: () => void): void {
    const event = { at_ms: this.now_ms + ms, order: this.#order++, act };
    const events = this.#events;
    // The soonest is the last. Few are pending, and most that come are the soonest.
    let at = events.length;
    while (at > 0 && isBefore(events[at - 1]!, event)) at--;
    events.splice(at, 0, event);
  }

  /** Does the first event. */
  strike(): void {
    this.#events.pop()?.act();
  }

  /** Forgets all events. */
  clear(): void {
    this.#events = [];
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at_ms < b.at_ms || (a.at_ms === b.at_ms && a.order < b.order);
}
