/**
 * What a task has open of the board, and what it can do with it. It closes when the task says so,
 * or when the task is over: on a device that is the destructor of the native object.
 */
import {
  INPUT_PULL_DOWN,
  INPUT_PULL_UP,
  INPUT_PULL_UP_DOWN,
  INPUT,
  type Kind,
  FALLING,
  FIFO_BYTES,
  OUTPUT,
  OUTPUT_OPEN_DRAIN,
  READ,
  RISING,
  ROOM_SHIFT,
  SET_MODE,
  TAKE,
  WRITE,
  WRITE_READ,
} from "../wire/operations.js";
import type { Answer, Request } from "../wire/seat.js";
import type { Bus } from "./bus.js";
import { type Line, type Output, type Owner, RESET } from "./line.js";
import type { AnalogInput, Parts } from "./parts.js";
import type { Port } from "./port.js";

/** As the task wrote them: numbers, strings and booleans. */
export type OpenOptions = Readonly<Record<string, unknown>>;

/** Who opens it. */
export interface Opener {
  /** Name of the task. */
  readonly task: string;
  /** Numbers all that is ever opened. */
  readonly id: number;
  /** Tells the task that there is something to be taken. */
  readonly interrupt: () => void;
}

/** A peripheral that is open. */
export interface Opened {
  /** Throws what the task is to see thrown. */
  perform(request: Request): Answer;
  close(): void;
}

const TIMEOUT_MS_DEFAULT = 400;
const HZ_MAX = 20_000_000;
const ADDRESS_MAX = 127;
const PIN_MAX = 63;

function wholeOf(value: unknown, most: number, what: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= most) return number;
  throw new RangeError(`invalid ${what}`);
}

function outputFor(mode: number, level: 0 | 1): Output {
  switch (mode) {
    case OUTPUT:
      return { kind: "push-pull", level };
    case OUTPUT_OPEN_DRAIN:
      return { kind: "open-drain", level };
    case INPUT:
      return { kind: "none", pull: null };
    case INPUT_PULL_UP:
    case INPUT_PULL_UP_DOWN:
      return { kind: "none", pull: "up" };
    case INPUT_PULL_DOWN:
      return { kind: "none", pull: "down" };
    default:
      throw new RangeError("invalid mode");
  }
}

class OpenPin implements Opened {
  readonly #line: Line;
  readonly #owner: Owner | null;
  readonly #watcher: ((edge: number) => void) | null;
  #mode: number;
  #isDue = false;

  constructor(parts: Parts, options: OpenOptions, { task, id, interrupt }: Opener) {
    this.#line = parts.line(wholeOf(options["pin"], PIN_MAX, "pin"));
    this.#mode = Number(options["mode"]);
    const isHigh = Boolean(options["initialValue"]) !== Boolean(options["activeLow"]);
    const output = outputFor(this.#mode, isHigh && !options["isShared"] ? 1 : 0);
    const edges = this.#edgesOf(options);
    this.#owner = options["isShared"] ? null : { key: `pin ${id}`, task };
    if (this.#owner !== null) this.#line.claim(this.#owner, Error);
    this.#line.setOutput(output);
    this.#watcher = edges === 0 ? null : (edge) => this.#see(edge & edges, interrupt);
    if (this.#watcher !== null) this.#line.watchers.add(this.#watcher);
  }

  perform({ operation, value }: Request): Answer {
    switch (operation) {
      case READ:
        return { value: this.#line.seen };
      case WRITE:
        if (this.#mode >= OUTPUT) {
          this.#line.setOutput(outputFor(this.#mode, value === 0 ? 0 : 1));
        }
        return {};
      case SET_MODE:
        this.#line.setOutput(outputFor(value, 0));
        this.#mode = value;
        return {};
      case TAKE: {
        const isDue = this.#isDue;
        this.#isDue = false;
        return { value: isDue ? 1 : 0 };
      }
    }
    throw new Error("a pin cannot do that");
  }

  /** Of pins/digital nothing happens: the pin goes on doing what it did. */
  close(): void {
    if (this.#watcher !== null) this.#line.watchers.delete(this.#watcher);
    if (this.#owner !== null && this.#line.release(this.#owner)) this.#line.setOutput(RESET);
  }

  #edgesOf({ isWatching, edge, activeLow }: OpenOptions): number {
    if (!isWatching) return 0;
    const edges = Number(edge ?? 0) & (RISING | FALLING);
    if (edges === 0) throw new RangeError("invalid edges");
    // Of an active low pin it rises when the line falls.
    return activeLow && edges !== (RISING | FALLING) ? edges ^ (RISING | FALLING) : edges;
  }

  /** Told once, however often it happens before the task takes it. */
  #see(edge: number, interrupt: () => void): void {
    if (edge === 0 || this.#isDue) return;
    this.#isDue = true;
    interrupt();
  }
}

/** The address of a device, if that and the speed of its bus are possible. */
function checkAddress(options: OpenOptions): number {
  const address = wholeOf(options["address"], ADDRESS_MAX, "address");
  const hz = Number(options["hz"]);
  if (!(hz > 0 && hz <= HZ_MAX)) throw new RangeError("invalid hz");
  return address;
}

class OpenDevice implements Opened {
  readonly #lines: readonly Line[];
  readonly #owner: Owner | null;
  readonly #bus: Bus | undefined;
  readonly #address: number;
  readonly #timeout_ms: number;
  readonly #opened: Map<string, string>;
  readonly #place: string;

  constructor(parts: Parts, options: OpenOptions, { task }: Opener, opened: Map<string, string>) {
    const [first] = parts.buses;
    // pins/i2c has a bus of its own, unless it is told which.
    const data = wholeOf(options["data"] ?? first?.data.pin, PIN_MAX, "pin");
    const clock = wholeOf(options["clock"] ?? first?.clock.pin, PIN_MAX, "pin");
    this.#address = checkAddress(options);
    const timeout_ms = Number(options["timeout"] ?? TIMEOUT_MS_DEFAULT);
    if (!(timeout_ms >= -1)) throw new RangeError("invalid timeout");
    const isShared = Boolean(options["isShared"]);
    // To pins/i2c, 0 says nothing.
    this.#timeout_ms = isShared && timeout_ms === 0 ? TIMEOUT_MS_DEFAULT : timeout_ms;
    this.#opened = opened;
    this.#place = isShared ? "" : `${data} ${clock} ${this.#address}`;
    const other = opened.get(this.#place);
    if (other !== undefined) {
      throw new RangeError(`duplicate address: task "${other}" has it open`);
    }
    this.#lines = [parts.line(data), parts.line(clock)];
    this.#owner = isShared ? null : { key: `i2c ${data} ${clock}`, task };
    if (this.#owner !== null) this.#claim(this.#owner);
    if (!isShared) opened.set(this.#place, task);
    // The bus drives its wires as open drains.
    for (const line of this.#lines) line.setOutput({ kind: "open-drain", level: 1 });
    this.#bus = parts.bus(data, clock);
  }

  perform({ operation, value, bytes }: Request): Answer {
    const written = operation === READ ? null : bytes;
    const count = operation === WRITE ? null : value;
    if (operation !== READ && operation !== WRITE && operation !== WRITE_READ) {
      throw new Error("an I2C device cannot do that");
    }
    if (this.#bus !== undefined) {
      return this.#bus.transfer(this.#address, written, count, this.#timeout_ms);
    }
    // Nothing is connected: nobody acknowledges.
    if (written?.length === 0 && count === null) return { value: 1 };
    return { failure: new Error("nobody answers: nothing is connected to these pins") };
  }

  close(): void {
    if (this.#owner === null) return;
    this.#opened.delete(this.#place);
    for (const line of this.#lines) {
      if (line.release(this.#owner)) line.setOutput(RESET);
    }
  }

  /** Both wires or none. */
  #claim(owner: Owner): void {
    const [data, clock] = this.#lines;
    data!.claim(owner, RangeError);
    try {
      clock!.claim(owner, RangeError);
    } catch (error) {
      data!.release(owner);
      throw error;
    }
  }
}

class OpenInput implements Opened {
  readonly #input: AnalogInput;
  readonly #line: Line;
  readonly #owner: Owner | null;
  readonly #random: () => number;
  /** The highest sample. */
  readonly #most: number;

  constructor(parts: Parts, options: OpenOptions, { task, id }: Opener) {
    const pin = wholeOf(options["pin"], PIN_MAX, "pin");
    this.#line = parts.line(pin);
    this.#owner = options["isShared"] ? null : { key: `analog ${id}`, task };
    if (this.#owner !== null) this.#line.claim(this.#owner, RangeError);
    this.#input = parts.analog(pin);
    this.#input.reset();
    this.#random = parts.random;
    this.#most = (1 << Number(options["resolution"])) - 1;
  }

  perform({ operation }: Request): Answer {
    if (operation !== READ) throw new Error("an analog input cannot do that");
    return { value: Math.round(this.#input.sample(this.#random) * this.#most) };
  }

  close(): void {
    if (this.#owner !== null) this.#line.release(this.#owner);
  }
}

class OpenDuty implements Opened {
  readonly #line: Line;
  readonly #owner: Owner | null;
  readonly #hz: number;
  readonly #most: number;

  constructor(parts: Parts, options: OpenOptions, { task, id }: Opener) {
    this.#line = parts.line(wholeOf(options["pin"], PIN_MAX, "pin"));
    this.#hz = Number(options["hz"]);
    this.#most = (1 << Number(options["resolution"])) - 1;
    this.#owner = options["isShared"] ? null : { key: `pwm ${id}`, task };
    if (this.#owner !== null) this.#line.claim(this.#owner, Error);
    this.#line.setDuty(0, this.#hz);
  }

  perform({ operation, value }: Request): Answer {
    if (operation !== WRITE) throw new Error("a PWM output cannot do that");
    this.#line.setDuty(value / this.#most, this.#hz);
    return {};
  }

  /** The ESP32's LEDC is stopped with its output low, and stays there. */
  close(): void {
    this.#line.setDuty(0, this.#hz);
    if (this.#owner !== null) this.#line.release(this.#owner);
  }
}

class OpenPort implements Opened {
  readonly #port: Port;
  readonly #lines: readonly Line[];
  readonly #owner: Owner;
  readonly #interrupt: () => void;
  readonly #isWriteWatched: boolean;
  #isPosted = false;
  #isWritable = false;

  constructor(parts: Parts, options: OpenOptions, { task, id, interrupt }: Opener) {
    this.#port = parts.port(wholeOf(options["port"] ?? 0, 7, "port"));
    const baud = Number(options["baud"]);
    if (!(baud > 0 && baud <= HZ_MAX)) throw new RangeError("invalid baud");
    const { owner } = this.#port;
    if (owner !== null) {
      throw new RangeError(`port in use: task "${owner.task}" has port ${this.#port.number} open`);
    }
    this.#owner = { key: `serial ${id}`, task };
    this.#lines = this.#claim(parts, options);
    this.#port.owner = this.#owner;
    this.#port.reset();
    this.#interrupt = interrupt;
    this.#isWriteWatched = Boolean(options["isWriteWatched"]);
    this.#isWritable = this.#isWriteWatched;
    if (options["isReadWatched"]) this.#port.onArrival = () => this.#post();
    if (this.#isWritable) this.#post();
  }

  perform({ operation, value, bytes }: Request): Answer {
    switch (operation) {
      case READ:
        return { bytes: this.#port.take(value) };
      case WRITE:
        if (bytes.length > FIFO_BYTES) throw new Error("output full");
        this.#port.transmit(bytes);
        this.#isWritable = this.#isWriteWatched;
        if (this.#isWritable) this.#post();
        return {};
      case TAKE: {
        const room = this.#isWritable ? FIFO_BYTES : 0;
        this.#isPosted = false;
        this.#isWritable = false;
        return { value: this.#port.readable | (room << ROOM_SHIFT) };
      }
    }
    throw new Error("a serial port cannot do that");
  }

  close(): void {
    this.#port.owner = null;
    this.#port.onArrival = null;
    for (const line of this.#lines) line.release(this.#owner);
  }

  #claim(parts: Parts, options: OpenOptions): Line[] {
    const lines: Line[] = [];
    try {
      for (const name of ["transmit", "receive"]) {
        if (options[name] === undefined) continue;
        const line = parts.line(wholeOf(options[name], PIN_MAX, "pin"));
        line.claim(this.#owner, Error);
        lines.push(line);
      }
    } catch (error) {
      for (const line of lines) line.release(this.#owner);
      throw error;
    }
    return lines;
  }

  #post(): void {
    if (this.#isPosted) return;
    this.#isPosted = true;
    this.#interrupt();
  }
}

/** Opens a peripheral. `devices` are the I2C devices that are open, by place. Throws. */
export function openPart(
  kind: Kind,
  parts: Parts,
  options: OpenOptions,
  opener: Opener,
  devices: Map<string, string>,
): Opened {
  switch (kind) {
    case "digital":
      return new OpenPin(parts, options, opener);
    case "i2c":
      return new OpenDevice(parts, options, opener, devices);
    case "analog":
      return new OpenInput(parts, options, opener);
    case "pwm":
      return new OpenDuty(parts, options, opener);
    case "serial":
      return new OpenPort(parts, options, opener);
  }
}
