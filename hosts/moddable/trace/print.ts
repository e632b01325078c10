/**
 * Printing what the rings of a board hold. Of the tracing build: tracing-device.ts exports it.
 */
import { printRings } from "../../../src/kernel/trace/lines.js";
import { application } from "../application.js";
import type { System } from "../system.js";

/**
 * Writes the last records of all tasks to the log, as lines that `reattach trace decode` reads. For
 * the main VM, which does nothing else meanwhile: some 60 bytes a record.
 */
export function printTrace(): void {
  const names = ["main"];
  for (const { name } of application.tasks) names.push(name);
  printRings($rings, names, (line) => trace(`${line}\n`));
}

/**
 * Has them printed whenever a task dies, before its successor starts, and before Reattach restarts
 * the board. For the main VM, once, after boot(). A watchdog, or the loss of power, prints nothing.
 */
export function printTraceOfDeaths(system: System): void {
  system.on("death", printTrace);
  globalThis.$printTrace = printTrace;
}
