/**
 * The options of a task's Moddable Worker: what its manifest says, and defaults for the rest.
 *
 * All of them are always passed. A Worker without options would inherit the memory of the main VM,
 * about 77 KB, and run at priority 1 whatever its task's priority.
 */
import type { WorkerOptions } from "worker";
import type { Creation } from "../../src/manifest/creation.js";
import type { TaskSpec } from "../../src/manifest/reattach.js";
import { PRIORITY_MAX } from "../../src/kernel/task/task.js";

/** One block for everything: a task that leaks fails by itself, and fragments nothing. */
const STATIC_BYTES = 24_576;
/** Strings and buffers: a kernel's views and a few messages to begin with. */
const CHUNK = Object.freeze({ initial: 2_048, incremental: 512 });
/** Slots of 16 bytes. A task that does nothing uses about 300. */
const HEAP = Object.freeze({ initial: 384, incremental: 64 });
/**
 * Slots. The deepest that Reattach goes, a recovery inside a recovery whose function sends, takes
 * 581. An overflow restarts the board.
 */
const STACK_SLOTS = 736;
/** Names made at run time; those in the sources are in flash. */
const KEYS = Object.freeze({ initial: 32, incremental: 16 });
/** 0 lets Moddable choose: 5 to 6 KB. */
const NATIVE_STACK_BYTES = 0;

/**
 * FreeRTOS priorities of tasks are 1, 2 and 3, in three equal bands: below the main VM, which has 4
 * and must be able to see that a task of any priority loops.
 */
const FREERTOS_BANDS = 3;

function freeRtosPriority(priority: number): number {
  return 1 + Math.floor(((priority - 1) * FREERTOS_BANDS) / PRIORITY_MAX);
}

/** Options for `new Worker`. */
export function workerOptions({ priority, creation = {} }: TaskSpec): WorkerOptions {
  const options: WorkerOptions & Creation = {
    static: creation.static ?? STATIC_BYTES,
    chunk: { ...CHUNK, ...creation.chunk },
    heap: { ...HEAP, ...creation.heap },
    stack: creation.stack ?? STACK_SLOTS,
    keys: { ...KEYS, ...creation.keys },
    nativeStack: creation.nativeStack ?? NATIVE_STACK_BYTES,
    priority: creation.priority ?? freeRtosPriority(priority),
  };
  // Any core will do unless the manifest names one.
  if (creation.core !== undefined) options.core = creation.core;
  return options;
}
