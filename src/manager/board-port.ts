/**
 * What the facade of a system (system.ts) has a host do with the board as a whole. Types only.
 *
 * A host knows how a board is made, looked after and ended; when that is to be done is for the
 * table in board-state.ts.
 */
import type { Limits } from "../arena/limits.js";
import type { Vm } from "../arena/vm.js";
import type { ManagerPort } from "../host.js";
import type { BootMemory } from "./boot-count.js";
import type { ExtensionFactory } from "./extension.js";
import type { ManagerEvents } from "./manager.js";
import type { BoardPolicy } from "./supervise/policy.js";
import type { TaskSpec } from "./supervise/task-spec.js";
import type { TaskEvents, TaskHost } from "./task-host.js";

/** What a board is made of: all of it is new when the board restarts. */
export interface BoardParts {
  /** The main VM's attachment to the arena. */
  readonly vm: Vm;
  /** What runs tasks in it; the facade sets its `events` before anything is launched. */
  readonly host: TaskHost & { events: TaskEvents };
  /** Of the main VM; the facade sets its manager. */
  readonly port: { manager: ManagerPort | null };
}

/** What a host tells the facade. */
export interface BoardKeeper {
  /** Does what is due, if anything. Called at each tick, and when something may have come. */
  readonly poll: () => void;
  /**
   * The board must restart. `culprit` is the name of the task that is to blame, or UNKNOWN or
   * NOBODY of boot-count.ts.
   */
  restart(reason: string, culprit: string): void;
  /** The board restarts, and the host can do nothing about it: keeps why. */
  keep(reason: string, culprit: string): void;
}

export interface BoardPort {
  /** How often poll() is called at the most, by a timer alone; 0: whenever something is due. */
  readonly tick_ms: number;
  /** Where restarts are counted. */
  readonly memory: BootMemory;
  /** Makes the manager's extension; null for none. */
  readonly extension: ExtensionFactory | null;
  /** From 0 up to 1, for the jitter of restarts. */
  random(): number;
  /** A line for the people who watch. */
  warn(text: string): void;
  /** A listener, or a callback of the application, threw: says so. Must not throw. */
  report(error: unknown): void;
  /** Makes a board in which no task runs yet. */
  assemble(keeper: BoardKeeper): BoardParts;
  /** Looks after the board: calls keeper.poll() again and again. */
  wake(parts: BoardParts, keeper: BoardKeeper): void;
  /**
   * All tasks have left: ends whatever else there is, and the looking after. Resolves when nothing
   * of it is left; to false when something cannot be ended, so that the arena is not to be used
   * any more.
   */
  rest(parts: BoardParts): Promise<boolean>;
  /** Ends everything, wherever it is, and reports no deaths. A device restarts here. */
  clear(parts: BoardParts, reason: string): Promise<boolean>;
  /** What the guardian keeps if the main VM stands still; "" for nothing. */
  guard(record: string): void;
  /** Shows the guardian that the main VM runs: several times in the time that it allows. */
  feed(): void;
  /** The host's own look at what it runs: when the main VM's doorbell has rung, or at its time. */
  look(): void;
  /** When look() has something to do though nobody rings; -Infinity: at the next poll(). */
  nextDue(): number;
  /** Something has been done: poll() has something to do at `due_ms`, unless somebody rings. */
  acted(due_ms: number): void;
}

/** What an application says about itself: its manifest, checked. */
export interface BoardConfig {
  readonly limits: Readonly<Limits>;
  /** In the order of their declaration. */
  readonly tasks: readonly TaskSpec[];
  readonly board: BoardPolicy;
}

/** What a board tells its system. */
export interface BoardListener extends ManagerEvents {
  /** The board has been restarted, and why. */
  rebooted(reason: string): void;
  /** A stop of everything begins. */
  stopping(): void;
}
