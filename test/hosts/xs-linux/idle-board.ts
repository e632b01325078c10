/**
 * The board of programs/idle-board.ts: what its manifest says, and what it found.
 */
import { join } from "node:path";
import type { Idleness } from "./programs/idle-task.js";
import { resultIn } from "./results-in.js";

export const IDLE_PROGRAMS: Readonly<Record<string, string>> = {
  "idle-board": join(import.meta.dirname, "programs/idle-board.ts"),
  "idle-task": join(import.meta.dirname, "programs/idle-task.ts"),
};

function task(name: string, how: Idleness, more: object = {}): object {
  return { module: "idle-task", args: { name, how }, heartbeat_ms: 1_000, ...more };
}

/** For config.reattach. */
export const IDLE_BOARD = {
  // What is done once, when a board has run for long enough, is done before main is measured.
  board: { settled_ms: 1_000 },
  tasks: {
    receives: task("receives", "receives", { services: ["receives"] }),
    naps: task("naps", "naps", { dependsOn: ["receives"] }),
    beats: task("beats", "beats"),
    returns: task("returns", "returns"),
  },
};

/** What ps() says of them. */
export const IDLE_STATES: readonly string[] = ["RECEIVE", "NANOSLEEP", "NANOSLEEP", "IDLE"];

/** What main found. */
export interface IdleCosts {
  readonly accident: string;
  /** The tasks' states at the end. */
  readonly states: readonly string[];
  readonly costs: {
    readonly slots: number;
    readonly chunkBytes: number;
    readonly collections: number;
  };
}

/** Throws when there is no result. */
export function readIdleCosts(text: string): IdleCosts {
  const costs = resultIn<IdleCosts>(text);
  if (costs === undefined) throw new Error(`no result: ${text}`);
  return costs;
}
