/**
 * Printing what the rings of a board hold. Of the tracing build: tracing-device.ts exports it.
 */
import { printRings } from "../../../src/kernel/trace/lines.js";
import { application } from "../application.js";

/**
 * Writes the last records of all tasks to the log, as lines that `reattach trace decode` reads. For
 * the main VM, which does nothing else meanwhile: some 60 bytes a record.
 */
export function printTrace(): void {
  const names = ["main"];
  for (const { name } of application.tasks) names.push(name);
  printRings($rings, names, (line) => trace(`${line}\n`));
}
