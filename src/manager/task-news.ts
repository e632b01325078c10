/**
 * What a host tells of its tasks, on its way to the supervisor of the board as it is now: what
 * comes from a board that is no more is of no interest.
 */
import type { DeathCause, StandbyState } from "./status.js";
import type { Supervisor } from "./supervise/supervisor.js";
import type { TaskEvents } from "./task-host.js";

/** The board that a supervisor looks after. */
export interface SupervisedBoard {
  isInCharge(supervisor: Supervisor): boolean;
  /** Has the supervisor do something; then it may be due at another time. */
  act(act: (supervisor: Supervisor) => void): void;
}

export class TaskNews implements TaskEvents {
  readonly #board: SupervisedBoard;
  readonly #supervisor: Supervisor;

  constructor(board: SupervisedBoard, supervisor: Supervisor) {
    this.#board = board;
    this.#supervisor = supervisor;
  }

  started(place: number, pid: number): void {
    this.#pass((supervisor) => supervisor.started(place, pid));
  }

  ready(place: number, pid: number): void {
    this.#pass((supervisor) => supervisor.ready(place, pid));
  }

  gone(place: number, pid: number, cause: DeathCause | null, text: string): void {
    this.#pass((supervisor) => supervisor.gone(place, pid, cause, text));
  }

  stuck(place: number, pid: number, text: string): void {
    this.#pass((supervisor) => supervisor.stuck(place, pid, text));
  }

  spare(place: number, state: StandbyState, text: string): void {
    this.#pass((supervisor) => supervisor.spare(place, state, text));
  }

  #pass(act: (supervisor: Supervisor) => void): void {
    if (this.#board.isInCharge(this.#supervisor)) this.#board.act(act);
  }
}
