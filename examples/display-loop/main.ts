/**
 * A display loop in the main VM. It draws 30 frames a second and never waits: what it shows it asks
 * for with sendAsync, and goes on drawing while the sensor's driver crashes and comes back.
 */
import {
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  EAGAIN,
  errnoName,
  ha_attach,
  ha_reopen,
  name_open,
  sendAsync,
  TimerTimeout,
} from "reattach";
import { boot } from "reattach/moddable";
import Timer from "timer";
import { ANSWER_BYTES, SENSOR } from "./protocol.js";

const FRAME_MS = 33;
/** A log is read by people. On a board with a screen this is where Poco would draw. */
const FRAMES_A_LINE = 15;
/** Longer than a restart takes; shorter than a person waits for a number. */
const ANSWER_MS = 2_000;

/** What the display shows. */
class Display {
  readonly #words = new Int32Array(1);
  readonly #answer = new Uint8Array(this.#words.buffer);
  #coid = -1;
  #isAsking = false;
  #frames = 0;
  #answers = 0;
  #failures = 0;
  #crashes = 0;

  /** Counts a crash of the driver. */
  crashed(): void {
    this.#crashes++;
  }

  /** One frame: asks for the next number when the last is there, and draws what is known. */
  frame(): void {
    this.#frames++;
    if (!this.#isAsking) this.#ask();
    if (this.#frames % FRAMES_A_LINE === 0) this.#draw();
  }

  #draw(): void {
    const temperature = (this.#words[0]! / 10).toFixed(1);
    trace(
      `frame ${this.#frames}: ${temperature} °C · ${this.#answers} answers · ` +
        `${this.#crashes} crashes · ${this.#failures} failures\n`,
    );
  }

  #ask(): void {
    if (this.#coid < 0 && !this.#open()) return;
    TimerTimeout(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, ANSWER_MS);
    const done = (status: number): void => this.#answered(status);
    const error = sendAsync(this.#coid, null, 0, this.#answer, ANSWER_BYTES, done);
    if (error !== 0) throw new Error(`sendAsync: ${errnoName(error)}`);
    this.#isAsking = true;
  }

  #answered(status: number): void {
    this.#isAsking = false;
    if (status === 0) this.#answers++;
    else this.#failures++;
  }

  /** Connects once the driver is there. The same number leads to every one that follows it. */
  #open(): boolean {
    this.#coid = name_open(SENSOR, 0);
    if (this.#coid < 0) return false;
    // Nobody waits in the main VM: -EAGAIN says "not yet, ask me again at the next tick".
    const recover = (lost: number): number =>
      ha_reopen(lost, SENSOR, 0) === lost ? lost : -EAGAIN;
    ha_attach(this.#coid, recover, null, 0);
    return true;
  }
}

/** Called by Moddable when the board has started. */
export default function main(): void {
  const display = new Display();
  const system = boot();
  system.on("death", () => display.crashed());
  system.start();
  Timer.repeat(() => display.frame(), FRAME_MS);
}
