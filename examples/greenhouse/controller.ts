/**
 * The controller: waters when the soil is dry, until the gardener's switch says that it is enough.
 *
 * Waterings are numbered, and the number that is being asked for is stable. So a controller that
 * was restarted asks for the same one again, and the valve knows what has become of it.
 */
import Digital from "embedded:io/digital";
import { delay, errnoName, MsgSend, stableCommit, stableRead } from "reattach";
import { openService } from "./connection.js";
import {
  ANSWER_BYTES,
  createMessage,
  MESSAGE_BYTES,
  MOISTURE_MAX,
  READ,
  SENSOR,
  SWITCH_PIN,
  VALVE,
  WATER,
} from "./protocol.js";

/** Drier than this it is to be watered. */
const DRY = 0.4 * MOISTURE_MAX;

class Controller {
  readonly #sensor = openService(SENSOR);
  readonly #valve = openService(VALVE);
  readonly #question = createMessage();
  readonly #answer = createMessage();
  /** Stable: the watering that is being asked for, or was asked for last; and 1 if it is done. */
  readonly #state = new Int32Array(2);
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
    if (this.#moisture() >= DRY) return;
    this.#commit(this.asked + 1, 0);
    this.#water();
  }

  #moisture(): number {
    this.#send(this.#sensor, READ, 0);
    return this.#answer.words[0]!;
  }

  #water(): void {
    this.#send(this.#valve, WATER, this.asked);
    this.#commit(this.asked, 1);
  }

  #commit(number: number, isDone: number): void {
    this.#state[0] = number;
    this.#state[1] = isDone;
    const error = stableCommit(this.#stable, this.#stable.length);
    if (error !== 0) throw new Error(`stableCommit: ${errnoName(error)}`);
  }

  #send(coid: number, type: number, value: number): void {
    const { words, bytes } = this.#question;
    words[0] = type;
    words[1] = value;
    const status = MsgSend(coid, bytes, MESSAGE_BYTES, this.#answer.bytes, ANSWER_BYTES);
    if (status !== 0) throw new Error(`MsgSend: ${errnoName(status)}`);
  }
}

/** Looks every `period_ms`. Says "done" once when the switch is found off. */
export function main({ period_ms }: { period_ms: number }): void {
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
