/**
 * A simulated board as a whole: what a module describes, made and checked, with the seats of the
 * tasks, and what the main thread can ask of it by name.
 */
import { seededRandom } from "../../../../src/manager/supervise/random.js";
import type { HardwareCall } from "../wire/protocol.js";
import { isDescription } from "./check.js";
import type { BoardHands, BoardModule, Level } from "./description.js";
import { type PartFault, Parts } from "./parts.js";
import { Seats } from "./seats.js";

/** Functions of the application that tests call by name. */
type Controls = Readonly<Record<string, unknown>>;

/** What the module that describes a board exports. */
export interface BoardProgram {
  readonly default?: BoardModule;
  readonly controls?: Controls;
}

/** What a board is made of beside its description. */
export interface BoardOptions {
  /** Noise repeats with it. */
  readonly seed: number;
  /** One word on which it sleeps while nobody asks. */
  readonly bell: Int32Array;
  /** A device's code threw. */
  readonly report: (text: string) => void;
}

/** The description can move the board only when there is one. */
class Hands implements BoardHands {
  parts: Parts | null = null;

  level(pin: number): Level {
    return this.#board.level(pin);
  }

  drive(pin: number, level: Level | null): void {
    this.#board.drive(pin, level);
  }

  setAnalog(pin: number, value: number | (() => number)): void {
    this.#board.setAnalog(pin, value);
  }

  send(port: number, bytes: ArrayLike<number>): void {
    this.#board.send(port, bytes);
  }

  get #board(): Parts {
    if (this.parts !== null) return this.parts;
    throw new Error("the board is being described: it can be moved later, from a callback");
  }
}

export class Board {
  readonly parts: Parts;
  readonly seats: Seats;
  readonly #controls: Controls;

  private constructor(parts: Parts, bell: Int32Array, controls: Controls) {
    this.parts = parts;
    this.seats = new Seats(parts, bell);
    this.#controls = controls;
  }

  /** The board that a module describes; null when it is wrong, and `problems` says how. */
  static describedBy(
    program: BoardProgram,
    { seed, bell, report }: BoardOptions,
    problems: string[],
  ): Board | null {
    const hands = new Hands();
    const made = typeof program.default === "function" ? program.default(hands) : program.default;
    if (!isDescription(made, problems)) return null;
    hands.parts = new Parts(made, { random: seededRandom(seed), report });
    return new Board(hands.parts, bell, program.controls ?? {});
  }

  /** Does what the main thread asks for by name. Throws when it cannot. */
  call({ name, args }: HardwareCall): unknown {
    // What a task has done before is done.
    this.seats.look();
    switch (name) {
      case "pin": {
        const { level, rises, falls, history, owners } = this.parts.line(args[0] as number);
        const tasks = owners.map(({ task }) => task);
        return { level, rises, falls, history: [...history], tasks };
      }
      case "drive":
        return this.parts.drive(args[0] as number, args[1] as Level | null);
      case "setAnalog":
        return this.parts.setAnalog(args[0] as number, args[1] as number);
      case "send":
        return this.parts.send(args[0] as number, args[1] as number[]);
      case "fault":
        return this.parts.fault(args[0] as PartFault, args[1] as string);
      case "restore":
        return this.parts.buses.forEach((bus) => bus.restore());
      case "faults":
        return this.parts.counts;
      case "open":
        return this.seats.view();
      case "control":
        return this.#control(args[0] as string, args.slice(1));
    }
    throw new Error(`the board has no call "${name}"`);
  }

  #control(name: string, args: readonly unknown[]): unknown {
    const control = Object.hasOwn(this.#controls, name) ? this.#controls[name] : undefined;
    if (typeof control === "function") return Reflect.apply(control, undefined, args);
    const names = Object.keys(this.#controls).join(", ") || "none";
    throw new Error(`found control "${name}", allowed are those of the board's module: ${names}`);
  }
}
