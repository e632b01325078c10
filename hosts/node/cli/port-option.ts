/**
 * `--port` of commands that others connect to. A page is opened by a person, so its port is one
 * that is named; a program that starts a broker reads its address, and may leave the choice to it
 * with 0.
 */
import { UsageError } from "../input-error.js";
import { PORT_MAX } from "../tcp-port.js";

/** A port from `min` on; `otherwise` where none is given. Throws a UsageError. */
export function readPort(text: string | undefined, min: 0 | 1, otherwise: number): number {
  if (text === undefined) return otherwise;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= min && port <= PORT_MAX) return port;
  const allowed = `a whole number from ${min} to ${PORT_MAX}`;
  throw new UsageError(`--port: found "${text}", allowed is ${allowed}`);
}
