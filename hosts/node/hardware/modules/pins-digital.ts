/**
 * "pins/digital" of Moddable. Nobody owns a pin here, and its level stays after close().
 */
import { INPUT, OUTPUT, READ, SET_MODE, WRITE } from "../wire/operations.js";
import { Peripheral } from "../task/client.js";
import { DigitalModes } from "../task/digital-modes.js";

/** The oldest way to call it has a port first, which an ESP32 has not. */
function optionsOf(args: readonly unknown[]): Readonly<Record<string, unknown>> {
  if (args.length === 1) return args[0] as Readonly<Record<string, unknown>>;
  const [pin, mode] = args.slice(-2);
  return { pin, mode, port: args.length > 2 ? args[0] : undefined };
}

export class Digital extends DigitalModes {
  readonly #pin: Peripheral;

  /** By `{ pin, mode }`, or by `pin, mode`. */
  constructor(...args: unknown[]) {
    super();
    const { pin, mode, port } = optionsOf(args);
    if (pin === undefined) throw new Error("pin missing");
    if (mode === undefined) throw new Error("mode missing");
    if (port) throw new Error("can't init pin");
    this.#pin = new Peripheral("digital", { pin, mode, isShared: true });
  }

  static read(pin: number): number {
    return Digital.#once(pin, INPUT, (digital) => digital.read());
  }

  static write(pin: number, value: number): void {
    Digital.#once(pin, OUTPUT, (digital) => digital.write(value ? 1 : 0));
  }

  static #once<T>(pin: number, mode: number, use: (digital: Digital) => T): T {
    const digital = new Digital(pin, mode);
    try {
      return use(digital);
    } finally {
      digital.close();
    }
  }

  mode(mode: number): void {
    this.#pin.ask(SET_MODE, mode);
  }

  read(): number {
    return this.#pin.ask(READ);
  }

  write(value: number): void {
    this.#pin.ask(WRITE, Math.trunc(value) ? 1 : 0);
  }

  close(): void {
    this.#pin.close();
  }
}

export default Digital;
