/**
 * Asks for its period before it begins: it waits until somebody can tell.
 */
import { delay, EOK } from "reattach";
import { open } from "reattach/service";
import { Settings } from "./services.js";

/** Of one that was not told. */
const DEFAULT_MS = 1_000;

/** Asks, waiting so long for the settings, and works for ever. */
export function work(timeout_ms: number): never {
  const { period } = open(Settings, { timeout_ms });
  const period_ms = period.send() === EOK ? period.reply.period_ms : DEFAULT_MS;
  for (;;) {
    trace(`every ${period_ms} ms\n`);
    delay(period_ms);
  }
}

export function main(): never {
  return work(Infinity);
}
