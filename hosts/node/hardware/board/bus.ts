/**
 * An I2C bus: its devices, and what happens when one of them does not behave.
 *
 * A device that hangs stops in the middle of a byte and holds the data line low. From then on each
 * transfer on this bus ends when its time is over, whoever it is meant for and however often the
 * driver is started again; until the device has seen nine clocks, with which it comes to the end of
 * its byte (the I2C specification, UM10204, "Bus clear").
 */
import type { Answer } from "../wire/seat.js";
import type { I2CDevice, RegisterDevice, TransferDevice } from "./description.js";
import type { Guard, Line } from "./line.js";

/** Eight bits and the acknowledge. */
const CLOCKS_OF_A_BYTE = 9;
/** What an idle bus reads as. */
const IDLE_BYTE = 0xff;

/** What the chip's driver says when a device does not acknowledge, or nothing moves. */
const FAILED = { read: "read failed", write: "write failed", writeRead: "writeRead failed" };

/** Faults that wait for the next transfer with a device. */
export interface DeviceFaults {
  nack: boolean;
  hang: boolean;
  noise: boolean;
}

/** What a fault has done, to be counted. */
export type Struck = (kind: keyof DeviceFaults, address: number) => void;

/** "i2c.0x48": how a device is called. */
export function i2cPart(address: number): string {
  return `i2c.0x${address.toString(16).padStart(2, "0")}`;
}

/** A device with registers, as one that takes and sends bytes. */
export function asTransfers({ registers, width = 1, onWrite }: RegisterDevice): TransferDevice {
  const values = new Map(Object.entries(registers).map(([key, value]) => [Number(key), value]));
  const put = (register: number, value: number): void => {
    values.set(register, onWrite?.(register, value) ?? value);
  };
  const get = (register: number): number => {
    const value = values.get(register) ?? 0;
    return typeof value === "function" ? value() : value;
  };
  let pointer = 0;
  return {
    write: (bytes) => {
      if (bytes.length > 0) pointer = bytes[0]!;
      if (width === 1) bytes.subarray(1).forEach((byte, i) => put((pointer + i) & 0xff, byte));
      else if (bytes.length === 2) put(pointer, bytes[1]! << 8);
      else if (bytes.length > 2) put(pointer, (bytes[1]! << 8) | bytes[2]!);
    },
    read: (count) => {
      const at = (i: number): number => {
        if (width === 1) return get((pointer + i) & 0xff);
        const value = get(pointer);
        return i % 2 === 0 ? value >> 8 : value & 0xff;
      };
      return Array.from({ length: count }, (_, i) => at(i));
    },
  };
}

interface Device {
  readonly address: number;
  readonly transfers: TransferDevice;
  readonly faults: DeviceFaults;
}

export class Bus {
  readonly data: Line;
  readonly clock: Line;
  readonly #devices = new Map<number, Device>();
  readonly #random: () => number;
  readonly #struck: Struck;
  readonly #guard: Guard;
  /** Clocks until the device that hangs lets go; 0: none does. */
  #clocksLeft = 0;
  /** When the last of the transfers that wait for a bus that does not move is over. */
  #busyUntil_ms = 0;

  constructor(
    lines: { readonly data: Line; readonly clock: Line },
    devices: Readonly<Record<number, I2CDevice>>,
    random: () => number,
    struck: Struck,
    guard: Guard,
  ) {
    this.data = lines.data;
    this.clock = lines.clock;
    this.#random = random;
    this.#struck = struck;
    this.#guard = guard;
    for (const [key, device] of Object.entries(devices)) {
      const address = Number(key);
      const transfers = "registers" in device ? asTransfers(device) : device;
      const faults = { nack: false, hang: false, noise: false };
      this.#devices.set(address, { address, transfers, faults });
    }
    this.clock.watchers.add(() => this.#clocked());
  }

  get addresses(): number[] {
    return [...this.#devices.keys()];
  }

  /** Does a device hold the data line? */
  get isWedged(): boolean {
    return this.#clocksLeft > 0;
  }

  /** The faults of a device, or undefined when there is none at this address. */
  faultsOf(address: number): DeviceFaults | undefined {
    return this.#devices.get(address)?.faults;
  }

  /** As switching the supply of the devices off and on. */
  restore(): void {
    this.#clocksLeft = 0;
    this.data.drive(null);
  }

  /**
   * Writes, unless `bytes` is null, and reads unless `count` is null, in one transfer. `timeout_ms`
   * of -1 waits for ever.
   */
  transfer(
    address: number,
    bytes: Uint8Array | null,
    count: number | null,
    timeout_ms: number,
  ): Answer {
    const device = this.#devices.get(address);
    if (device?.faults.hang && !this.isWedged) this.#wedge(device);
    const failed = bytes === null ? FAILED.read : count === null ? FAILED.write : FAILED.writeRead;
    if (this.isWedged) return this.#timeOut(failed, timeout_ms);
    // Nothing written and nothing read: it is asked whether it is there.
    const isProbe = bytes?.length === 0 && count === null;
    const answer = device === undefined ? null : this.#talk(device, bytes, count);
    if (answer !== null) return { value: 0, bytes: answer };
    return isProbe ? { value: 1 } : { failure: new Error(failed) };
  }

  /** What the device sends, null when it does not acknowledge. */
  #talk(device: Device, bytes: Uint8Array | null, count: number | null): Uint8Array | null {
    const { faults, address } = device;
    if (faults.nack) {
      faults.nack = false;
      this.#struck("nack", address);
      return null;
    }
    const sent = this.#ask(device, bytes, count);
    if (sent === null || count === null) return sent === null ? null : new Uint8Array(0);
    const answer = Uint8Array.from({ length: count }, (_, i) => sent[i] ?? IDLE_BYTE);
    if (!faults.noise) return answer;
    faults.noise = false;
    this.#struck("noise", address);
    // At least one bit of each byte is another one.
    return answer.map((byte) => byte ^ (1 + Math.floor(this.#random() * 255)));
  }

  /** Calls the device's code; one that throws does not acknowledge. */
  #ask(
    { transfers, address }: Device,
    bytes: Uint8Array | null,
    count: number | null,
  ): ArrayLike<number> | null {
    let sent: ArrayLike<number> | null = null;
    this.#guard(i2cPart(address), () => {
      if (bytes !== null && transfers.write?.(bytes) === false) return;
      sent = count === null || transfers.read === undefined ? [] : transfers.read(count);
    });
    return sent;
  }

  #wedge({ faults, address }: Device): void {
    faults.hang = false;
    this.#struck("hang", address);
    this.#clocksLeft = CLOCKS_OF_A_BYTE;
    this.data.drive(0);
  }

  /** One transfer waits for the other: there is one controller. */
  #timeOut(text: string, timeout_ms: number): Answer {
    const failure = new Error(text);
    if (timeout_ms < 0) return { failure, after_ms: Infinity };
    const now = performance.now();
    this.#busyUntil_ms = Math.max(now, this.#busyUntil_ms) + timeout_ms;
    return { failure, after_ms: this.#busyUntil_ms - now };
  }

  #clocked(): void {
    if (this.#clocksLeft === 0 || this.clock.level === 0) return;
    this.#clocksLeft--;
    if (this.#clocksLeft === 0) this.data.drive(null);
  }
}
