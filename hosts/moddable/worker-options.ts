/**
 * The options of a task's Moddable Worker: what its manifest says, and defaults for the rest.
 *
 * All of them are always passed. A Worker without options would inherit the memory of the main VM,
 * about 77 KB, and run at priority 1 whatever its task's priority.
 */
import type { WorkerOptions } from "worker";
import { completeCreation } from "../../src/manifest/creation.js";
import type { TaskSpec } from "../../src/manifest/reattach.js";
import { PRIORITY_MAX } from "../../src/kernel/task/task.js";

/**
 * FreeRTOS priorities of tasks are 1, 2 and 3, in three equal bands: below the main VM, which has 4
 * and must be able to see that a task of any priority loops.
 */
const FREERTOS_BANDS = 3;

function freeRtosPriority(priority: number): number {
  return 1 + Math.floor(((priority - 1) * FREERTOS_BANDS) / PRIORITY_MAX);
}

/** Options for `new Worker`. */
export function workerOptions({ priority, creation }: TaskSpec): WorkerOptions {
  return { priority: freeRtosPriority(priority), ...completeCreation(creation) };
}
