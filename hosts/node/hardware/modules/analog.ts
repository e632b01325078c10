/**
 * "embedded:io/analog": samples of a converter, as ECMA-419 has it. Twelve bits, as on an ESP32.
 */
import { READ } from "../wire/operations.js";
import { checkFormat, setTarget } from "../task/arguments.js";
import { type Options, Peripheral } from "../task/client.js";

/** Bits of a sample. */
const RESOLUTION = 12;

export default class Analog {
  readonly #input: Peripheral;

  constructor(options: Options) {
    checkFormat(options["format"], ["number"]);
    setTarget(this, options);
    this.#input = new Peripheral("analog", { pin: options["pin"], resolution: RESOLUTION });
  }

  get format(): string {
    return "number";
  }

  set format(format: string) {
    checkFormat(format, ["number"]);
  }

  get resolution(): number {
    return RESOLUTION;
  }

  read(): number {
    return this.#input.ask(READ);
  }

  close(): void {
    this.#input.close();
  }
}
