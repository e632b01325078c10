/**
 * What a test, or a person, does with a simulated board: the same in real time and in a simulation.
 */
import type { Level } from "./board/description.js";
import type { LevelChange } from "./board/line.js";
import type { FaultCounts, PartFault } from "./board/parts.js";
import type { OpenView } from "./board/seats.js";

/** A line of the board. */
export interface PinView {
  readonly level: Level;
  /** Changes to 1, and to 0, since the board was switched on. */
  readonly rises: number;
  readonly falls: number;
  /** The last thousand changes, oldest first. */
  readonly history: readonly LevelChange[];
  /** The tasks that have it open. */
  readonly tasks: readonly string[];
}

export abstract class BoardCalls {
  /** What can have faults, by name: "i2c.0x48", "pin.4", "analog.34", "serial.1". */
  abstract get parts(): readonly string[];

  /** Has the board do something, by its name. */
  protected abstract ask(name: string, ...args: readonly unknown[]): Promise<unknown>;

  /** A line: its level, its past, and who has it open. */
  pin(pin: number): Promise<PinView> {
    return this.ask("pin", pin) as Promise<PinView>;
  }

  /** Drives a line from outside, as a button or a sensor does; null lets go of it. */
  async drive(pin: number, level: Level | null): Promise<void> {
    await this.ask("drive", pin, level);
  }

  /** Sets what is measured at a pin, from 0 to 1 of what the converter can measure. */
  async setAnalog(pin: number, value: number): Promise<void> {
    await this.ask("setAnalog", pin, value);
  }

  /** Sends bytes to whoever has a serial port open. */
  async send(port: number, bytes: ArrayLike<number>): Promise<void> {
    await this.ask("send", port, Array.from(bytes));
  }

  /**
   * A part has a fault: nack (I2C), its next transfer is not acknowledged; hang, it is stuck, a
   * device on I2C from its next transfer on and with the whole bus; noise, what is read next is
   * something else. Rejects for a part that is not there, or cannot have it. docs/hardware.md.
   */
  async fault(kind: PartFault, part: string): Promise<void> {
    await this.ask("fault", kind, part);
  }

  /** Frees all I2C buses, as switching the supply of their devices off and on does. */
  async restore(): Promise<void> {
    await this.ask("restore");
  }

  /** How often each fault has had an effect, by part. */
  faults(): Promise<FaultCounts> {
    return this.ask("faults") as Promise<FaultCounts>;
  }

  /** How much each task has open. */
  open(): Promise<readonly OpenView[]> {
    return this.ask("open") as Promise<readonly OpenView[]>;
  }

  /** Calls a function that the board's module exports in `controls`. Values are copied. */
  control(name: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.ask("control", name, ...args);
  }
}
