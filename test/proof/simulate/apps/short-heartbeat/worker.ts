/**
 * Measures often, and now and then computes for half a second, in which it does not pass through
 * the kernel.
 *
 * The bug is in its manifest: a heartbeat that allows for the measuring alone.
 */
import { delay, uptime } from "reattach";

const PERIOD_MS = 20;
/** So many measurements to a computation. */
const MEASUREMENTS = 20;
const COMPUTES_MS = 500;

function compute(): void {
  const until_ms = uptime() + COMPUTES_MS;
  for (let x = 0; uptime() < until_ms; x++) Math.sqrt(x);
}

export function main(): never {
  for (let count = 1; ; count++) {
    delay(PERIOD_MS);
    if (count % MEASUREMENTS > 0) continue;
    compute();
    trace(`${count} measurements\n`);
  }
}
