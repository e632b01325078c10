/**
 * What the manager needs to know of a task; src/manifest reads them from a manifest.
 */
import type { Abilities } from "../abilities.js";
import type { RestartPolicy } from "./policy.js";

/** How often a task must show life. */
export interface HeartbeatSpec {
  readonly period_ms: number;
  /** So many missed periods in a row raise CONDHBEATMISSEDLOW; 0 for never. */
  readonly low: number;
  /** So many raise CONDHBEATMISSEDHIGH, and the task is ended and restarted. */
  readonly high: number;
}

/** How long a task may take to get ready, unless its manifest says otherwise. */
export const LOAD_MS = 10_000;

/** A task as its application declares it, or as somebody has it executed. */
export interface TaskSpec {
  readonly name: string;
  /** Specifier of the module that is its program. */
  readonly module: string;
  /** 1 (least urgent) to 63. */
  readonly priority: number;
  /** How often it must show life; null for no heartbeat. */
  readonly heartbeat: HeartbeatSpec | null;
  /** A message that it has not answered for so long makes it a task that hangs; 0 for never. */
  readonly answer_ms: number;
  /**
   * How long it may take from the start of its VM until it is ready: loaded, with its services
   * attached. Then it is hung. 0 for no limit.
   */
  readonly load_ms: number;
  /** Names of the tasks that are to be ready before it is started. */
  readonly dependsOn: readonly string[];
  /** Names that it registers: it is ready when all are, and ha_creat starts it for them. */
  readonly services: readonly string[];
  /** A second VM stands by to take over when it dies. */
  readonly standby: boolean;
  /** It runs also when restarting the board has not helped, and nobody knows who is to blame. */
  readonly essential: boolean;
  readonly restart: RestartPolicy;
  /** What it may ask of the manager. */
  readonly abilities: Abilities;
  /** Any JSON, for the task to read. */
  readonly args?: unknown;
  /** Memory of its VM; src/manifest/creation.ts says what is in it. */
  readonly creation?: object;
}
