/**
 * What the main VM of a simulation does later, in virtual time.
 */
import { type Due, firstDue } from "../due.js";

interface Entry extends Due {
  readonly act: () => void;
}

export class Agenda {
  readonly #now: () => number;
  #entries: Entry[] = [];
  #serial = 0;

  /** `now` is the clock, in virtual milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Calls back after so many virtual milliseconds. */
  readonly after = (ms: number, act: () => void): void => {
    this.#entries.push({ due_ms: this.#now() + ms, serial: ++this.#serial, act });
  };

  /** When something is to be done; Infinity for never. */
  get due_ms(): number {
    return this.#first()?.due_ms ?? Infinity;
  }

  /** Does what is due. */
  run(): void {
    for (;;) {
      const first = this.#first();
      if (first === null || first.due_ms > this.#now()) return;
      this.#entries.splice(this.#entries.indexOf(first), 1);
      first.act();
    }
  }

  /** Forgets all. */
  clear(): void {
    this.#entries = [];
  }

  #first(): Entry | null {
    return firstDue(this.#entries);
  }
}
