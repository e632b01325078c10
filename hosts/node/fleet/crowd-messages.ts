/**
 * What the process of a fleet and those of its boards say to each other. Types only.
 */

/** One board: its name, and whose service it uses. */
export interface CrowdBoard {
  readonly board: string;
  readonly peer: string;
}

/** To a process with boards. */
export type CrowdOrder =
  | {
      readonly kind: "make";
      readonly boards: readonly CrowdBoard[];
      readonly broker: string;
      readonly prefix: string;
      /** How often each board makes a call, in milliseconds. */
      readonly period_ms: number;
    }
  /** Boots all boards: they connect. */
  | { readonly kind: "connect" }
  /** From now on boards count as done that have had an answer after this. */
  | { readonly kind: "mark"; readonly mark: number };

/** From a process with boards, several times a second once they have been made. */
export interface CrowdReport {
  readonly connected: number;
  /** The last mark that it was told, and boards with an answer after it. */
  readonly mark: number;
  readonly done: number;
  /** Boards that take the one whose service they use for gone. */
  readonly peersGone: number;
  /** How long calls took that have been answered since the last report, in milliseconds. */
  readonly times_ms: readonly number[];
  readonly failed: number;
  /** Resident memory of the process, and how much of that was there before the boards, in bytes. */
  readonly rss: number;
  readonly emptyRss: number;
  /** Processor time since its start, in milliseconds. */
  readonly cpu_ms: number;
}
