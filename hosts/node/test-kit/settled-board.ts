/**
 * The simulated board of an application in virtual time: whoever asks it waits for the answer, and
 * the application goes on meanwhile.
 */
import { BoardCalls } from "../hardware/calls.js";
import type { Simulation } from "../simulate/main/simulation.js";

export class SettledBoard extends BoardCalls {
  readonly #simulation: Simulation;
  readonly #board: NonNullable<Simulation["hardware"]>;

  constructor(simulation: Simulation, board: NonNullable<Simulation["hardware"]>) {
    super();
    this.#simulation = simulation;
    this.#board = board;
  }

  override get parts(): readonly string[] {
    return this.#board.parts;
  }

  protected override ask(name: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.#simulation.settled(this.#board.ask(name, ...args));
  }
}
