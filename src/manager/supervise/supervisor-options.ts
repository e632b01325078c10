/**
 * What a supervisor is made of. Types only.
 */
import type { TaskHost } from "../task-host.js";
import type { ManagedTask } from "./managed-task.js";
import type { BoardPolicy } from "./policy.js";
import type { SupervisorEvents } from "./supervisor-events.js";
import type { TaskSpec } from "./task-spec.js";

/** What a supervisor is made of. */
export interface SupervisorOptions {
  readonly host: TaskHost;
  readonly tasks: readonly TaskSpec[];
  readonly board: BoardPolicy;
  /** How many tasks there is room for. */
  readonly places: number;
  /** Restarts of the board in a row so far. */
  readonly reboots: () => number;
  /** From 0 up to 1, for jitter. */
  readonly random: () => number;
  /** Has the task with this pid attached a service of this name? Must not allocate. */
  readonly isAttached: (pid: number, service: string) => boolean;
  /** The incarnation in this place is gone: what it has counted is to be kept. */
  readonly collect: (task: ManagedTask) => void;
  readonly events: SupervisorEvents;
}
