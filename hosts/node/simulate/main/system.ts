/**
 * The system of a simulation: what every host's is, in virtual time.
 */
import { type BoardEvents, SystemFacade } from "../../../../src/manager/system.js";
import type { BoardConfig } from "../../../../src/manager/board-port.js";
import type { VirtualBoardPort } from "./board-port.js";

/** Whoever is told what a system tells. */
export type Tell = <Name extends keyof BoardEvents>(
  event: Name,
  ...values: BoardEvents[Name]
) => void;

export class SimulatedSystem extends SystemFacade {
  /** Of the simulation, which makes the system before it is complete itself. */
  readonly #tell: Tell;

  constructor(port: VirtualBoardPort, config: BoardConfig, tell: Tell) {
    super(port, config);
    this.#tell = tell;
  }

  protected override tell<Name extends keyof BoardEvents>(
    event: Name,
    ...values: BoardEvents[Name]
  ): void {
    this.#tell(event, ...values);
  }
}
