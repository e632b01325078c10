/**
 * The controller: waters when the soil is dry, until the gardener's switch says that it is enough.
 *
 * Waterings are numbered, and the number that is being asked for is stable. So a controller that
 * was restarted asks for the same one again, and the valve knows what has become of it.
 */
import Digital from "embedded:io/digital";
import { delay, EOK, errnoName, stableCommit, stableRead } from "reattach";
import { open } from "reattach/service";
import { MOISTURE_MAX, SWITCH_PIN } from "./pins.js";
import { Soil, Valve } from "./services.js";

/** Drier than this it is to be watered. */
const DRY = 0.4 * MOISTURE_MAX;

class Controller {
  readonly #soil = open(Soil);
  readonly #valve = open(Valve);
  /** Stable: the watering that is being asked for, or was asked for last; and 1 if it is done. */
  readonly #state = new Uint32Array(2);
  readonly #stable = new Uint8Array(this.#state.buffer);

  constructor() {
    stableRead(this.#stable);
    // The one before has died without an answer.
    if (this.asked > 0 && this.#state[1] === 0) this.#water();
  }

  get asked(): number {
    return this.#state[0]!;
  }

  /** Looks at the soil, and waters it if it is dry. */
  look(): void {
    const { read } = this.#soil;
    check(read.send(), "the moisture");
    if (read.reply.moisture >= DRY) return;
    this.#commit(this.asked + 1, 0);
    this.#water();
  }

  #water(): void {
    const { water } = this.#valve;
    water.request.number = this.asked;
    check(water.send(), "the watering");
    this.#commit(this.asked, 1);
  }

  #commit(number: number, isDone: number): void {
    this.#state[0] = number;
    this.#state[1] = isDone;
    check(stableCommit(this.#stable, this.#stable.length), "stableCommit");
  }
}

/** Whoever cannot go on had better die: the next life begins anew. */
function check(status: number, what: string): void {
  if (status !== EOK) throw new Error(`${what}: ${errnoName(status)}`);
}

/** Looks every `period_ms`. Says "done" once when the switch is found off. */
export function main({ period_ms }: { readonly period_ms: number }): void {
  const isOff = new Digital({ pin: SWITCH_PIN, mode: Digital.InputPullUp });
  const controller = new Controller();
  while (isOff.read() === 1) {
    controller.look();
    delay(period_ms);
  }
  trace(`done: ${controller.asked} waterings\n`);
  while (isOff.read() === 0) delay(period_ms);
  throw new Error("the switch is on again: begin anew");
}
