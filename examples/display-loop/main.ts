/**
 * A display loop in the main VM. It draws 30 frames a second and never waits: what it shows it asks
 * for with sendAsync, and goes on drawing while the sensor's driver crashes and comes back.
 */
import { EAGAIN, EOK, errnoName } from "reattach";
import { boot } from "reattach/moddable";
import { open } from "reattach/service";
import Timer from "timer";
import { Thermometer } from "./thermometer.js";

const FRAME_MS = 33;
/** A log is read by people. On a board with a screen this is where Poco would draw. */
const FRAMES_A_LINE = 15;

/** What the display shows. */
class Display {
  /** In the main VM open() does not wait: the first call connects. */
  readonly #read = open(Thermometer).read;
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
    const temperature = this.#read.reply.celsius.toFixed(1);
    trace(
      `frame ${this.#frames}: ${temperature} °C · ${this.#answers} answers · ` +
        `${this.#crashes} crashes · ${this.#failures} failures\n`,
    );
  }

  #ask(): void {
    const error = this.#read.sendAsync((status) => this.#answered(status));
    // The driver is not there yet: the next frame asks again.
    if (error === -EAGAIN) return;
    if (error !== EOK) throw new Error(`sendAsync: ${errnoName(error)}`);
    this.#isAsking = true;
  }

  #answered(status: number): void {
    this.#isAsking = false;
    if (status === EOK) this.#answers++;
    else this.#failures++;
  }
}

/** Called by Moddable when the board has started. */
export default function main(): void {
  const system = boot();
  const display = new Display();
  system.on("death", () => display.crashed());
  system.start();
  Timer.repeat(() => display.frame(), FRAME_MS);
}
