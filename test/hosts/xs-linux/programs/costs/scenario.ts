/**
 * A scenario: what a client and a server do again and again while their heaps are watched.
 */

/** One round. It throws when a call does not return what it should. */
export type Round = () => void;

/**
 * A server's own loop, in place of rounds: it calls `count` in each of them, and ends when that
 * says that it was the last.
 */
export interface Loop {
  readonly run: (count: () => boolean) => void;
}

export interface Scenario {
  /** `Calls: what is special about them` */
  readonly title: string;
  /** What must not be zero, to show that the check bites. */
  readonly allocates?: boolean;
  /** Prepares the server's task; its part of a round. */
  readonly server?: () => Round | Loop;
  /** Prepares the client's task; its part of a round. */
  readonly client?: () => Round;
  /** Prepares the main VM, in place of a client; its part of a round. `poll` is the system's. */
  readonly main?: (poll: () => void) => Round;
}

/** Bytes of a message, as in the benchmarks. */
export const BYTES = 64;

/** The name of the server's channel. */
export const SERVER = "server";

/** Throws unless a call returned what it should. */
export function expect(actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`found ${actual}, expected ${expected}`);
}
