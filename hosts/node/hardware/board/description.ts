/**
 * What an application says of the board that it runs on in the simulator: types only.
 *
 * The module that `config.reattach.hardware` names exports it as its default: a BoardDescription,
 * or a function that makes one and is given the hands to move it with.
 */

/** A level of a line. */
export type Level = 0 | 1;

/** The value of a register: a number, or a function that is asked at each read. */
export type RegisterValue = number | (() => number);

/** A device with registers: the first byte of a write names one, and what follows goes into it. */
export interface RegisterDevice {
  /** By number. One that is not listed reads as 0. */
  readonly registers: Readonly<Record<number, RegisterValue>>;
  /**
   * Bytes of a register. Of one byte (the default), a longer read or write goes on with the next
   * register; of two, high byte first, it stays with this one, as thermometers do.
   */
  readonly width?: 1 | 2;
  /** A register was written. What it is to read as from now on: the result, or else `value`. */
  readonly onWrite?: (register: number, value: number) => number | void;
}

/** A device that talks in another way. */
export interface TransferDevice {
  /** Takes what is written; false: it does not acknowledge. */
  readonly write?: (bytes: Uint8Array) => boolean | void;
  /** What it sends, `count` bytes; missing ones are 0xff, an idle bus. null: no acknowledge. */
  readonly read?: (count: number) => ArrayLike<number> | null;
}

/** What answers at an address of a bus: registers, or functions for whole transfers. */
export type I2CDevice = RegisterDevice | TransferDevice;

/** An I2C bus: its two wires, which are pulled up, and what is on them. */
export interface I2CBus {
  readonly data: number;
  readonly clock: number;
  /** By address, 0 to 127. */
  readonly devices: Readonly<Record<number, I2CDevice>>;
}

/** What a pin leads to. */
export interface Pin {
  /** What drives the line from outside at the start: a sensor's output, a button. */
  readonly level?: Level;
  /** A resistor on the board. It is stronger than those of the chip. */
  readonly pull?: "up" | "down";
  /** The line has another level now. */
  readonly onLevel?: (level: Level) => void;
  /** A duty cycle was set: from 0, always low, to 1, always high. */
  readonly onDuty?: (duty: number, hz: number) => void;
}

/** A voltage, from 0 to 1 of what the converter can measure. */
export type AnalogValue = number | (() => number);

/** What is on the other end of a serial port. */
export interface SerialDevice {
  /** The task has sent something. */
  readonly onReceive?: (bytes: Uint8Array) => void;
}

/** A board. Pins that are not listed lead nowhere. */
export interface BoardDescription {
  readonly i2c?: readonly I2CBus[];
  /** By number of the pin. */
  readonly pins?: Readonly<Record<number, Pin>>;
  /** By number of the pin. */
  readonly analog?: Readonly<Record<number, AnalogValue>>;
  /** By number of the port. */
  readonly serial?: Readonly<Record<number, SerialDevice>>;
}

/** How the code of a board moves it: from timers, or from what it hears of another part. */
export interface BoardHands {
  /** The level of a line now. */
  level(pin: number): Level;
  /** Drives a line from outside; null lets go of it. */
  drive(pin: number, level: Level | null): void;
  /** Sets what is measured at a pin. */
  setAnalog(pin: number, value: AnalogValue): void;
  /** Sends bytes to whoever has the serial port open; what nobody takes is lost. */
  send(port: number, bytes: ArrayLike<number>): void;
}

/** The default export of the module. */
export type BoardModule = BoardDescription | ((hands: BoardHands) => BoardDescription);
