/**
 * Entities, conditions and actions: the records of the manager's model.
 */
import type { Ending } from "../../manager/extension.js";
import type { Heart } from "../../manager/monitor/heartbeat.js";
import type { Watched, WatchListener } from "../../manager/monitor/monitor.js";

export type EntityKind =
  /** The one whose conditions fire for all. */
  | "global"
  /** A task of the manifest: always there. */
  | "declared"
  /** A name that no task has joined yet, or that its task has left. */
  | "placeholder"
  /** A task that somebody else has attached. */
  | "attached"
  /** A task that has attached itself. */
  | "self-attached";

/** What somebody has made, and goes with him. */
export interface Made {
  /** pid of who asked for it; the main VM's for what is always there. */
  maker: number;
}

export interface Entity extends Made, Watched {
  readonly handle: number;
  readonly name: string;
  readonly listener: WatchListener;
  kind: EntityKind;
  flags: number;
  isEnabled: boolean;
  /** What the board calls its task; "" for none. */
  task: string;
  /** 0 while its task does not run. */
  pid: number;
  /** The last one it had: a late event about an older one is noticed by it. */
  lastPid: number;
  /** Its task died, so the next start of it is a restart. */
  hasDied: boolean;
  /** How its task has gone the last time. */
  ending: Ending;
  /** The board has been asked to start its task. */
  isStarting: boolean;
  /** Nobody looks at it any more: what waits to be done for it is dropped. */
  isDetached: boolean;
  /** Jobs of its deaths that have not ended. */
  deathJobs: number;
  /** What it has reported last; 0 at first. */
  state: number;
  restarts: number;
  readonly created_ms: number;
  heart: Heart | null;
  readonly conditions: Condition[];
}

export interface Condition extends Made {
  readonly handle: number;
  readonly entity: Entity;
  readonly name: string;
  readonly type: number;
  flags: number;
  isEnabled: boolean;
  /** A client has taken it away: what waits to be done for it is dropped. */
  isRemoved: boolean;
  /** CONDSTATE: from, to. CONDRAISE: type, class, severity. */
  readonly first: number;
  readonly second: number;
  readonly third: number;
  readonly actions: Action[];
}

/** What an action does. */
export type ActionSpec =
  | { readonly kind: "restart"; readonly line: string }
  | { readonly kind: "execute"; readonly line: string }
  | { readonly kind: "waitfor"; readonly path: string; readonly delay_ms: number }
  | {
      readonly kind: "notify_pulse";
      readonly pid: number;
      readonly chid: number;
      readonly code: number;
      readonly value: number;
    }
  | { readonly kind: "notify_signal"; readonly pid: number; readonly signum: number }
  | { readonly kind: "heartbeat_healthy" }
  | {
      readonly kind: "log";
      readonly text: string;
      readonly hasPrefix: boolean;
      readonly verbosity: number;
    };

/** What is done, with a name: an action, or an entry of its action-fail list. */
export interface Step extends Made {
  readonly name: string;
  readonly spec: ActionSpec;
  flags: number;
  /** Taken away by a client. */
  isRemoved: boolean;
}

export interface Action extends Step {
  readonly handle: number;
  readonly condition: Condition;
  isEnabled: boolean;
  /** What is done when it fails. */
  readonly fails: Step[];
}

/** Where an action stands below the root: "inetd/death/restart". */
export function pathOf(condition: Condition, step: string): string {
  return `${condition.entity.name}/${condition.name}/${step}`;
}
