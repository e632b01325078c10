/**
 * "embedded:io/pwm": a pin with a duty cycle, as ECMA-419 has it.
 */
import { WRITE } from "../wire/operations.js";
import { checkFormat, setTarget } from "../task/arguments.js";
import { type Options, Peripheral } from "../task/client.js";

/** As on an ESP32, unless the application says something else. */
const HZ_DEFAULT = 1_024;
const RESOLUTION_DEFAULT = 10;
const RESOLUTION_MAX = 14;

export default class PWM {
  readonly #output: Peripheral;
  readonly #hz: number;
  readonly #resolution: number;

  constructor(options: Options) {
    checkFormat(options["format"], ["number"]);
    this.#hz = Math.trunc(Number(options["hz"] ?? HZ_DEFAULT));
    if (!(this.#hz > 0)) throw new RangeError("invalid hz");
    this.#resolution = Math.trunc(Number(options["resolution"] ?? RESOLUTION_DEFAULT));
    if (!(this.#resolution > 0 && this.#resolution <= RESOLUTION_MAX)) {
      throw new RangeError("invalid resolution");
    }
    setTarget(this, options);
    const { pin } = options;
    this.#output = new Peripheral("pwm", { pin, hz: this.#hz, resolution: this.#resolution });
  }

  get format(): string {
    return "number";
  }

  set format(format: string) {
    checkFormat(format, ["number"]);
  }

  get hz(): number {
    return this.#hz;
  }

  get resolution(): number {
    return this.#resolution;
  }

  /** From 0, always low, to 2 to the power of the resolution less one, always high. */
  write(value: number): void {
    const duty = Math.trunc(value);
    if (!(duty >= 0 && duty < 1 << this.#resolution)) throw new RangeError("invalid value");
    this.#output.ask(WRITE, duty);
  }

  close(): void {
    this.#output.close();
  }
}
