/**
 * Listeners of events, for hosts that have no emitter of their own.
 *
 * One that throws is reported, and neither the others nor whoever tells notice it.
 */

/** Events by name, and what their listeners are called with. */
type EventMap<Events> = { [Name in keyof Events]: readonly unknown[] };

type Listener<Values extends readonly unknown[]> = (...values: Values) => void;

export class Listeners<Events extends EventMap<Events>> {
  readonly #byEvent = new Map<keyof Events, Listener<never>[]>();
  readonly #report: (error: unknown) => void;

  /** `report` hears what a listener throws; it must not throw. */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** From now on `listener` is called at every such event, after those that came before it. */
  add<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): void {
    this.#byEvent.set(event, [...(this.#byEvent.get(event) ?? []), listener]);
  }

  /** Takes back the last add() of this listener; does nothing when there was none. */
  remove<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): void {
    const listeners = this.#byEvent.get(event) ?? [];
    const index = listeners.lastIndexOf(listener);
    if (index < 0) return;
    this.#byEvent.set(event, [...listeners.slice(0, index), ...listeners.slice(index + 1)]);
  }

  /** Calls all listeners of an event; one that is added meanwhile hears the next. */
  tell<Name extends keyof Events>(event: Name, ...values: Events[Name]): void {
    for (const listener of this.#byEvent.get(event) ?? []) {
      try {
        (listener as Listener<Events[Name]>)(...values);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}
