/**
 * "embedded:io/i2c": one device on a bus, as ECMA-419 has it, with Moddable's writeRead().
 */
import { READ, WRITE, WRITE_READ } from "../wire/operations.js";
import { bytesOf, checkFormat, readInto, setTarget } from "../task/arguments.js";
import { type Options, Peripheral } from "../task/client.js";

export default class I2C {
  readonly #device: Peripheral;

  constructor(options: Options) {
    for (const name of ["data", "clock", "address"]) {
      if (options[name] === undefined) throw new RangeError(`${name} required`);
    }
    checkFormat(options["format"], ["buffer"]);
    setTarget(this, options);
    this.#device = new Peripheral("i2c", options);
  }

  get format(): string {
    return "buffer";
  }

  set format(format: string) {
    checkFormat(format, ["buffer"]);
  }

  read(target: unknown, _stop?: boolean): ArrayBuffer | number {
    return readInto(target, (count) => this.#device.askBytes(READ, count));
  }

  /** Of no bytes it probes: 1 when nobody acknowledges. */
  write(buffer: unknown, _stop?: boolean): number | undefined {
    const isAbsent = this.#device.ask(WRITE, 0, bytesOf(buffer)) !== 0;
    return isAbsent ? 1 : undefined;
  }

  writeRead(buffer: unknown, target: unknown, _stop?: boolean): ArrayBuffer | number {
    const bytes = bytesOf(buffer);
    return readInto(target, (count) => this.#device.askBytes(WRITE_READ, count, bytes));
  }

  close(): void {
    this.#device.close();
  }
}
