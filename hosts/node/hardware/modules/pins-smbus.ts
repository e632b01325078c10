/**
 * "pins/smbus" of Moddable: registers of a device, on top of "pins/i2c".
 */
import { I2C } from "./pins-i2c.js";

export default class SMBus extends I2C {
  readByte(register: number): number {
    return this.#read(register, 1)[0]!;
  }

  readWord(register: number, isBigEndian = false): number {
    const [first = 0, second = 0] = this.#read(register, 2);
    return isBigEndian ? (first << 8) | second : (second << 8) | first;
  }

  readBlock(register: number, count: number, buffer?: ArrayBuffer) {
    this.write(register, false);
    return this.read(count, buffer);
  }

  writeByte(register: number, value: number): Error | undefined {
    return this.write(register, value & 0xff);
  }

  writeWord(register: number, value: number, isBigEndian = false): Error | undefined {
    const [low, high] = [value & 0xff, (value >> 8) & 0xff];
    return isBigEndian ? this.write(register, high, low) : this.write(register, low, high);
  }

  writeBlock(register: number, ...parts: unknown[]): Error | undefined {
    return this.write(register, ...parts);
  }

  /** A device that does not answer is a TypeError, as there: what is read is undefined. */
  #read(register: number, count: number): Uint8Array {
    this.write(register, false);
    const bytes = this.read(count);
    if (bytes instanceof Uint8Array) return bytes;
    throw new TypeError("read failed");
  }
}
