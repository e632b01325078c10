/**
 * A thread of the machine: a program that can be left before each operation.
 */
import { mix } from "./fingerprint.js";

/** A rewritten function under way. */
export type Program = Generator<unknown, unknown, unknown>;

/** An operation that a thread stands before. */
export interface Operation {
  kind: string;
  /** Word address; -1 when it is none of the arena's. */
  at: number;
  a: number;
  b: number;
}

/** One thread of the machine. */
export interface Thread {
  readonly id: number;
  readonly name: string;
  /** Makes the thread's VM the current one. */
  readonly enter: () => void;
  program: Program | null;
  state: "waiting to start" | "ready" | "asleep" | "over" | "killed";
  readonly next: Operation;
  /** While asleep: on which word, and until when. */
  bell: number;
  until: number;
  /** Operations that it has come to. */
  count: number;
  /** What it is resumed with after a sleep. */
  outcome: string;
  /** Two fingerprints of all that it has seen: where it stands follows from that. */
  history: number;
  history2: number;
}

/** Adds what a thread has seen to its history. */
export function see(thread: Thread, what: number): void {
  thread.history = mix(thread.history, what);
  thread.history2 = mix(what, thread.history2 + 1);
}

/** For fingerprints. */
export const STATE_NUMBERS: Readonly<Record<Thread["state"], number>> = {
  "waiting to start": 1,
  ready: 2,
  asleep: 3,
  over: 4,
  killed: 5,
};

/** Is this what a rewritten function returned? */
export function isProgram(value: unknown): value is Program {
  return typeof value === "object" && value !== null && Symbol.iterator in value && "next" in value;
}
