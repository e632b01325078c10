/**
 * All parts of a board, made from its description: lines, buses, converters and serial ports, and
 * the faults that they can have.
 */
import type { AnalogValue, BoardDescription, BoardHands, Level, Pin } from "./description.js";
import { allowedNames } from "../../../../src/manifest/suggest.js";
import { Bus, i2cPart, type Struck } from "./bus.js";
import { type Guard, Line } from "./line.js";
import { Port } from "./port.js";

/** What can go wrong with a part. */
export const PART_FAULTS = ["nack", "hang", "noise"] as const;

/** What goes wrong with a part: it does not answer, stands still, or tells nonsense. */
export type PartFault = (typeof PART_FAULTS)[number];

/** A device that does not acknowledge is one of I2C. */
const FAULTS_OF: Readonly<Record<string, readonly PartFault[]>> = {
  i2c: PART_FAULTS,
  pin: ["hang", "noise"],
  analog: ["hang", "noise"],
  serial: ["hang", "noise"],
};

/** How often each fault has had an effect, by part. */
export type FaultCounts = Record<string, Partial<Record<PartFault, number>>>;

/** The same part, however its number is written: "i2c.72" is "i2c.0x48". */
export function partName(text: string): string {
  const [kind = "", number = ""] = text.split(".");
  return kind === "i2c" && /^(0x[\da-f]+|\d+)$/i.test(number) ? i2cPart(Number(number)) : text;
}

/** Why a part cannot have this fault, or "". */
export function whyNoFault(kind: string, part: string): string {
  const allowed = FAULTS_OF[part.split(".")[0]!] ?? [];
  if (allowed.some((name) => name === kind)) return "";
  return `found kind "${kind}" for ${part}, ${allowedNames(kind, allowed)}`;
}

/** What is measured at a pin. */
export class AnalogInput {
  value: AnalogValue;
  #last = 0;
  #isStuck = false;
  #isNoisy = false;

  readonly #pin: number;
  readonly #guard: Guard;

  constructor(pin: number, value: AnalogValue, guard: Guard) {
    this.#pin = pin;
    this.value = value;
    this.#guard = guard;
  }

  /** Opened anew. */
  reset(): void {
    this.#isStuck = false;
  }

  /** The value stays what it is, until the pin is opened anew. */
  stick(): void {
    this.#isStuck = true;
  }

  /** The next sample is any. */
  disturb(): void {
    this.#isNoisy = true;
  }

  /** A sample from 0 to 1. */
  sample(random: () => number): number {
    if (this.#isNoisy) {
      this.#isNoisy = false;
      return random();
    }
    const { value } = this;
    if (typeof value !== "function") this.#last = this.#isStuck ? this.#last : value;
    else if (!this.#isStuck) this.#guard(`analog[${this.#pin}]`, () => (this.#last = value()));
    return Math.min(1, Math.max(0, this.#last));
  }
}

/** What the parts need. */
export interface PartsOptions {
  readonly random: () => number;
  /** A device's code threw. */
  readonly report: (text: string) => void;
}

export class Parts implements BoardHands {
  readonly buses: readonly Bus[];
  readonly random: () => number;
  readonly counts: FaultCounts = {};
  readonly #report: (text: string) => void;
  readonly #pins: Readonly<Record<number, Pin>>;
  readonly #lines = new Map<number, Line>();
  readonly #analog = new Map<number, AnalogInput>();
  readonly #ports = new Map<number, Port>();
  readonly #serial: BoardDescription["serial"];
  readonly #names: readonly string[];

  constructor(description: BoardDescription, { random, report }: PartsOptions) {
    const { i2c = [], pins = {}, analog = {}, serial = {} } = description;
    this.random = random;
    this.#report = report;
    this.#serial = serial;
    const wires = i2c.flatMap(({ data, clock }) => [data, clock]);
    const pulledUp: [number, Pin][] = wires.map((wire) => [wire, { pull: "up", ...pins[wire] }]);
    this.#pins = { ...pins, ...Object.fromEntries(pulledUp) };
    const numbers = Object.keys(this.#pins).map(Number);
    for (const pin of numbers) this.line(pin);
    for (const [pin, value] of Object.entries(analog)) this.analog(Number(pin)).value = value;
    for (const port of Object.keys(serial)) this.port(Number(port));
    this.buses = i2c.map(({ data, clock, devices }) => {
      const lines = { data: this.line(data), clock: this.line(clock) };
      const struck: Struck = (kind, address) => this.count(kind, i2cPart(address));
      return new Bus(lines, devices, random, struck, this.guard);
    });
    this.#names = [
      ...this.buses.flatMap((bus) => bus.addresses.map(i2cPart)),
      ...numbers.map((pin) => `pin.${pin}`),
      ...Object.keys(analog).map((pin) => `analog.${pin}`),
      ...Object.keys(serial).map((port) => `serial.${port}`),
    ];
  }

  /** What there is: "i2c.0x48", "pin.4". */
  get names(): readonly string[] {
    return this.#names;
  }

  line(pin: number): Line {
    return found(this.#lines, pin, () => new Line(pin, this.#pins[pin] ?? {}, this.guard));
  }

  analog(pin: number): AnalogInput {
    return found(this.#analog, pin, () => new AnalogInput(pin, 0, this.guard));
  }

  port(number: number): Port {
    return found(this.#ports, number, () => {
      return new Port(number, this.#serial?.[number] ?? {}, this.guard, this.random);
    });
  }

  /** The bus with these wires; undefined when nothing is on them. */
  bus(data: number, clock: number): Bus | undefined {
    return this.buses.find((bus) => bus.data.pin === data && bus.clock.pin === clock);
  }

  /** Calls code of the application. What it throws is told, and ends nobody. */
  readonly guard: Guard = (what, act) => {
    try {
      act();
    } catch (error) {
      this.#report(`${what}: ${textOf(error)}`);
    }
  };

  /** A part has a fault from now on, or at its next use. Throws for one that it cannot have. */
  fault(kind: PartFault, part: string): void {
    const name = partName(part);
    const why = this.#names.includes(name)
      ? whyNoFault(kind, name)
      : `found part "${part}", ${allowedNames(part, this.#names)}`;
    if (why !== "") throw new RangeError(why);
    const [group, number] = name.split(".");
    if (group === "i2c") {
      for (const bus of this.buses) {
        const faults = bus.faultsOf(Number(number));
        if (faults !== undefined) faults[kind] = true;
      }
      return;
    }
    const target =
      group === "pin"
        ? this.line(Number(number))
        : group === "analog"
          ? this.analog(Number(number))
          : this.port(Number(number));
    if (kind === "hang") target.stick();
    else target.disturb();
    this.count(kind, name);
  }

  /** A fault has had an effect. */
  count(kind: PartFault, part: string): void {
    const counts = (this.counts[part] ??= {});
    counts[kind] = (counts[kind] ?? 0) + 1;
  }

  level(pin: number): Level {
    return this.line(pin).level;
  }

  drive(pin: number, level: Level | null): void {
    this.line(pin).drive(level);
  }

  setAnalog(pin: number, value: AnalogValue): void {
    this.analog(pin).value = value;
  }

  send(port: number, bytes: ArrayLike<number>): void {
    this.port(port).send(bytes);
  }
}

function found<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/** A thrown value as text. */
export function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
