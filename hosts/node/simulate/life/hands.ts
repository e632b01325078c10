/**
 * What a life and its thread know of each other: types only.
 */
import type vm from "node:vm";
import type { LifeMessage } from "./protocol.js";

/** What a life has of its thread. */
export interface ThreadHands {
  /** Runs something in a macrotask of its own, from which the life can be ended. */
  readonly soon: (act: () => void) => void;
  /** Is Node.js at work for it? */
  readonly isBusy: () => boolean;
  readonly tell: (message: LifeMessage) => void;
  /** A message of the main VM, if there is one. */
  readonly receive: () => unknown;
  /** This package, run in a context: what the script of this name exports. */
  readonly runtimeIn: (context: vm.Context, name: "runtime" | "board-runtime") => unknown;
  /** The value of a program, run in a context. */
  readonly run: (program: string, context: vm.Context) => unknown;
}

/** A life, as its thread has it. */
export interface LivePart {
  /** Loads the program, and begins with it. */
  begin(): void;
  /** Something was thrown, in a callback. */
  fail(error: unknown): void;
  /** A rejection that nobody has handled. */
  reject(reason: unknown): void;
}
