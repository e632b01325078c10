/**
 * "pins/pwm" of Moddable: a duty cycle of ten bits.
 */
import { WRITE } from "../wire/operations.js";
import { type Options, Peripheral } from "../task/client.js";

/** As the SDK sets the ESP32's timer for it. */
const HZ = 1_024;
const RESOLUTION = 10;
const VALUE_MAX = 1_023;

export class PWM {
  readonly #output: Peripheral;

  constructor({ pin, port }: Options) {
    if (port !== undefined) throw new Error("no port");
    this.#output = new Peripheral("pwm", { pin, hz: HZ, resolution: RESOLUTION, isShared: true });
  }

  write(value: number): void {
    if (!(value >= 0 && value <= VALUE_MAX)) throw new RangeError("bad value");
    this.#output.ask(WRITE, Math.trunc(value));
  }

  close(): void {
    this.#output.close();
  }
}

export default PWM;
