/**
 * Ends first slices of sleeps (host/slices.ts), where one may be needed. Between two points of the
 * kernel no wake-up gets lost, so in a calm board nobody would be found whom a slice has helped;
 * and it is the looking that costs an application most which only waits. Where somebody has died, a
 * sleeper may have to look whether it is answered at all.
 */
import { FirstSlices, LOOK_MS } from "../../host/slices.js";
import type { Agenda } from "./agenda.js";

/** How long slices are ended after a death. */
const UNREST_MS = 500;

export class Slices {
  readonly #agenda: Agenda;
  #slices: FirstSlices | null = null;
  #looks = 0;
  #isLooking = false;
  #isRestless = false;

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  /** Of a new arena. */
  use(words: Int32Array): void {
    this.#slices = new FirstSlices(words);
  }

  /** Somebody has died. */
  disturb(): void {
    this.#looks = UNREST_MS / LOOK_MS;
    this.#plan();
  }

  /** From now on slices are ended always: wake-ups get lost. */
  disturbAlways(): void {
    this.#isRestless = true;
    this.#plan();
  }

  #plan(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#agenda.after(LOOK_MS, () => {
      this.#isLooking = false;
      this.#slices?.look();
      if (this.#isRestless || --this.#looks > 0) this.#plan();
    });
  }
}
