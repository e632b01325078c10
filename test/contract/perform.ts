/**
 * The puppet's half of the suite: makes the call it is told to make. The same on every host; how
 * commands get to a puppet is the host's business.
 */
import * as reattach from "reattach";
import { acts } from "./acts/index.js";
import { keepChannel } from "./acts/own.js";

/** "Make this call", or "perform this act". */
export interface Command {
  readonly id: number;
  readonly kind: "call" | "act";
  readonly name: string;
  readonly args: unknown[];
}

/** What came of it. */
export interface Performed {
  readonly id: number;
  readonly result: number;
  readonly args: unknown[];
}

type Callable = (...args: unknown[]) => unknown;

/** Performs a command in this task. Blocks as long as the call does. */
export function perform({ id, kind, name, args }: Command): Performed {
  const table = (kind === "call" ? reattach : acts) as unknown as Record<string, Callable>;
  const callable = table[name];
  if (callable === undefined) throw new Error(`there is no ${kind} ${name}`);
  const result = callable(...args) as number;
  if (name === "ChannelCreate" || name === "name_attach") keepChannel(result);
  return { id, result, args };
}
