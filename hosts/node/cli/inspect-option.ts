/**
 * `--inspect[=port]` of `run` and `dev`: the one option whose value may be left out.
 */
import { UsageError } from "../input-error.js";
import type { InspectOptions } from "../system/system.js";
import { PORT_MAX } from "../tcp-port.js";

export const INSPECT_OPTION = { inspect: { type: "string" } } as const;

/** The arguments, with an empty value where the port was left out. */
export function withInspectValue(argv: readonly string[]): string[] {
  return argv.map((word) => (word === "--inspect" ? "--inspect=" : word));
}

/** What boot() takes; nothing where it is not asked for. Throws a UsageError. */
export function readInspect(text: string | undefined): { inspect?: InspectOptions } {
  if (text === undefined) return {};
  if (text === "") return { inspect: {} };
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= PORT_MAX) return { inspect: { port } };
  const allowed = `a number from 0 to ${PORT_MAX}, 0 for any that is free`;
  throw new UsageError(`--inspect: found "${text}", allowed is ${allowed}`);
}
