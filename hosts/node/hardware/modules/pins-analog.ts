/**
 * "pins/analog" of Moddable: ten bits, by the channels of the ESP32's first converter.
 */
import { READ } from "../wire/operations.js";
import { Peripheral } from "../task/client.js";

/** The pin of each channel. */
const PINS = [36, 37, 38, 39, 32, 33, 34, 35];
const RESOLUTION = 10;

export default class Analog {
  readonly #input: Peripheral;

  constructor({ pin: channel }: { readonly pin?: number }) {
    if (channel === undefined) throw new Error("pin missing");
    const pin = PINS[channel];
    if (pin === undefined) throw new RangeError("invalid analog channel number");
    this.#input = new Peripheral("analog", { pin, resolution: RESOLUTION, isShared: true });
  }

  static read(channel: number): number {
    const input = new Analog({ pin: channel });
    try {
      return input.read();
    } finally {
      input.close();
    }
  }

  read(): number {
    return this.#input.ask(READ);
  }

  close(): void {
    this.#input.close();
  }
}
