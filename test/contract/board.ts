/**
 * What the contract suite needs of a host: a board with puppets on it. Types only.
 *
 * A puppet is a task that does nothing by itself: the suite, in the main VM, tells it which call of
 * "reattach" to make and gets the result when the call returns. So a case reads as one story, and
 * decides every interleaving by the order of its lines; nothing sleeps and hopes.
 */
import type * as reattach from "reattach";
import type { Limits } from "reattach";

/** The calls that a puppet can be told to make. */
export type Api = typeof reattach;
export type CallName = {
  [Name in keyof Api]: Api[Name] extends (...args: never[]) => unknown ? Name : never;
}[keyof Api];

/** What a call left behind. */
export interface Outcome {
  /** What it returned. */
  readonly result: number;
  /** The arguments after the call: buffers and records as it filled them. */
  readonly args: readonly unknown[];
}

/** States of a task that a case can wait for. */
export type PuppetState = "RUNNING" | "RECOVERING" | "NANOSLEEP" | "SEND" | "REPLY" | "RECEIVE";

/** A task that does as it is told. */
export interface Puppet {
  readonly name: string;
  readonly pid: number;
  /**
   * Tells it to make a call; resolves when the call returns, which may be never. Arguments are
   * copied on the way there and back. A puppet makes its calls in the order it was told.
   */
  call(name: CallName, ...args: readonly unknown[]): Promise<Outcome>;
  /** The result of call(): for calls of which nothing else is of interest. */
  result(name: CallName, ...args: readonly unknown[]): Promise<number>;
  /** Tells it to perform one of the acts in acts/, by name. */
  act(name: string, ...args: readonly unknown[]): Promise<Outcome>;
  /** Resolves when it is in this state; rejects when it does not get there. */
  until(state: PuppetState): Promise<void>;
}

/** A running system of puppets. */
export interface Board {
  /** The calls of "reattach" in the main VM. */
  readonly main: Api;
  readonly limits: Readonly<Limits>;
  /** The puppets that the case asked for. */
  readonly puppets: readonly Puppet[];
  /** Kills a puppet wherever it is; resolves when its death has been worked through. */
  kill(puppet: Puppet): Promise<void>;
  /** Starts a killed puppet again: the same name and place, another pid. */
  restart(puppet: Puppet): Promise<Puppet>;
  /** Resolves when `isDone()` is true; rejects when it does not get there. */
  until(isDone: () => boolean): Promise<void>;
}

/** What a case asserts with: the part of tape that the suite uses. */
export interface Assert {
  equal(actual: unknown, expected: unknown, message: string): void;
  notEqual(actual: unknown, expected: unknown, message: string): void;
  deepEqual(actual: unknown, expected: unknown, message: string): void;
  ok(value: unknown, message: string): void;
}

/** The puppets as a case's parameters: it names as many as it asks for. */
export type Cast = [Puppet, Puppet, Puppet, Puppet, Puppet];

/** One case of the suite. It leaves every call returned that it does not end with a death. */
export interface ContractCase {
  /** `Call: fact` */
  readonly title: string;
  /** How many puppets it plays with: up to five by name, up to eight as board.puppets. */
  readonly puppets: number;
  /** Limits that are not the default. */
  readonly limits?: Partial<Limits>;
  /** Priorities of the puppets, when they matter; default 10. */
  readonly priorities?: readonly number[];
  /** What each puppet may ask of the manager; for others ["manage"]. */
  readonly abilities?: readonly (readonly string[])[];
  run(t: Assert, board: Board, ...puppets: Cast): Promise<void>;
}
