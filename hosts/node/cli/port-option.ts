/**
 * `--port` of commands that others connect to.
 */
import { UsageError } from "../input-error.js";
import { PORT_MAX } from "../tcp-port.js";

/** A port that is named; `otherwise` where none is. Throws a UsageError. */
export function readPort(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= PORT_MAX) return port;
  throw new UsageError(`--port: found "${text}", allowed is a whole number from 1 to ${PORT_MAX}`);
}
