/**
 * "embedded:io/smbus": registers of a device on an I2C bus, as ECMA-419 has it.
 */
import { bytesOf } from "../task/arguments.js";
import type { Options } from "../task/client.js";
import I2C from "./i2c.js";

export default class SMBus {
  readonly #io: I2C;

  constructor(options: Options) {
    this.#io = new I2C(options);
  }

  get format(): string {
    return this.#io.format;
  }

  set format(format: string) {
    this.#io.format = format;
  }

  readUint8(register: number): number {
    return this.#read(register, 1)[0]!;
  }

  writeUint8(register: number, value: number): void {
    this.#io.write(Uint8Array.of(register, value));
  }

  readUint16(register: number, isBigEndian?: boolean): number {
    const [first = 0, second = 0] = this.#read(register, 2);
    return isBigEndian ? (first << 8) | second : (second << 8) | first;
  }

  writeUint16(register: number, value: number, isBigEndian?: boolean): void {
    const high = value >> 8;
    const bytes = isBigEndian ? [high, value] : [value, high];
    this.#io.write(Uint8Array.of(register, ...bytes));
  }

  readBuffer(register: number, target: unknown): ArrayBuffer | number {
    return this.#io.writeRead(Uint8Array.of(register), target);
  }

  writeBuffer(register: number, buffer: unknown): void {
    this.#io.write(Uint8Array.of(register, ...bytesOf(buffer)));
  }

  sendByte(command: number): void {
    this.#io.write(Uint8Array.of(command));
  }

  receiveByte(): number {
    return new Uint8Array(this.#io.read(1) as ArrayBuffer)[0]!;
  }

  readQuick(): void {
    this.#io.read(0);
  }

  writeQuick(): void {
    this.#io.write(new Uint8Array(0));
  }

  read(target: unknown, stop?: boolean): ArrayBuffer | number {
    return this.#io.read(target, stop);
  }

  write(buffer: unknown, stop?: boolean): number | undefined {
    return this.#io.write(buffer, stop);
  }

  writeRead(buffer: unknown, target: unknown, stop?: boolean): ArrayBuffer | number {
    return this.#io.writeRead(buffer, target, stop);
  }

  close(): void {
    this.#io.close();
  }

  #read(register: number, count: number): Uint8Array {
    return new Uint8Array(this.#io.writeRead(Uint8Array.of(register), count) as ArrayBuffer);
  }
}
