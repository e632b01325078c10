/**
 * The application's `config.reattach`, checked in the linker.
 *
 * This module is preloaded: its body runs at build time, where mcconfig links the application. So
 * a wrong limit stops the build with a sentence that names the key, what was found and what is
 * allowed. On the device nothing is checked; the result lies in flash.
 */
import config from "mc/config";
import { readReattach, type ReattachConfig, type TaskSpec } from "../../src/manifest/reattach.js";
import { workerOptions } from "./worker-options.js";

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const key of Object.keys(value)) deepFreeze((value as Record<string, unknown>)[key]);
  return Object.freeze(value);
}

/** Slots have 16 bytes on a 32-bit chip; tables of names and the like need the rest. */
const SLOT_BYTES = 16;
const TABLES_BYTES = 1_024;

/** A VM whose pools do not fit into its one block restarts the board when it is made. */
function checkStatic(task: TaskSpec, problems: string[]): void {
  const { static: bytes = 0, chunk = {}, heap = {}, stack = 0 } = workerOptions(task);
  const slots = (heap.initial ?? 0) + stack;
  const needed = (chunk.initial ?? 0) + slots * SLOT_BYTES + TABLES_BYTES;
  if (bytes === 0 || bytes >= needed) return;
  const path = `config.reattach.tasks.${task.name}.creation.static`;
  problems.push(
    `${path}: found ${bytes}, allowed is 0 for no limit, or at least ${needed}: chunk.initial, ` +
      `${SLOT_BYTES} bytes for each slot of heap.initial and stack, ${TABLES_BYTES} for tables`,
  );
}

function readChecked(): ReattachConfig {
  const problems: string[] = [];
  const checked = readReattach(config["reattach"], null, problems);
  for (const task of checked.tasks) checkStatic(task, problems);
  if (problems.length > 0) throw new Error(`manifest: ${problems.join("\n  ")}`);
  return deepFreeze(checked);
}

/** Limits and tasks of the application that this is linked into. */
export const application: ReattachConfig = readChecked();
