/**
 * The memory of a task's VM on a board: the keys of `creation`, with what a task gets that does not
 * name them. All of them are always passed on: a Worker without options would inherit the memory of
 * the main VM, about 77 KB.
 */
import { derived, key, object, pool, whole } from "./rules.js";

/** A slot of XS on a 32-bit chip. */
export const SLOT_BYTES = 16;

/** No microcontroller of this class has more, with its PSRAM. */
const BYTES_MAX = 33_554_432;
const SLOTS_MAX = BYTES_MAX / SLOT_BYTES;
/** A JavaScript stack beyond a megabyte is a slip of the finger, and would be real memory here. */
const STACK_SLOTS_MAX = 65_536;
const KEYS_MAX = 65_535;
/** FreeRTOS has 25 in the ESP-IDF (configMAX_PRIORITIES). */
const FREERTOS_PRIORITY_MAX = 24;
const CORE_MAX = 1;

/** What a task gets that does not say. */
export const DEFAULT_CREATION = Object.freeze({
  /** One block for everything: a task that leaks fails by itself, and fragments nothing. */
  static: 24_576,
  /** A kernel's views and a few messages to begin with. */
  chunk: Object.freeze({ initial: 2_048, incremental: 512 }),
  /** A task that does nothing uses about 300. */
  heap: Object.freeze({ initial: 384, incremental: 64 }),
  stack: 736,
  /** Made at run time; those in the sources are in flash. */
  keys: Object.freeze({ initial: 32, incremental: 16 }),
  nativeStack: 0,
});

/**
 * Messages among tasks that are killed all the time pass with so many. An overflow restarts the
 * board. The deepest that Reattach goes, a recovery in a recovery whose function sends, takes 581
 * (docs/budgets.md): the default has room for that.
 */
const STACK_SLOTS_MIN = 512;
/** Messages and recovery take up to 3,650 (docs/budgets.md). */
const NATIVE_STACK_BYTES_MIN = 4_096;

const bytes = whole(0, BYTES_MAX);
const slots = whole(0, SLOTS_MAX);
const names = whole(0, KEYS_MAX);

/** `config.reattach.tasks.<name>.creation`. */
export const CREATION = object([
  key(
    "static",
    bytes,
    DEFAULT_CREATION.static,
    "Bytes: one block from which `chunk`, `heap` and `stack` are taken; the task has no more. 0 " +
      "for pools of their own. It must hold what the others start with, and 1,024 bytes of tables.",
  ),
  key(
    "chunk",
    pool([
      key(
        "initial",
        bytes,
        DEFAULT_CREATION.chunk.initial,
        "What it starts with: views and a few messages.",
      ),
      key("incremental", bytes, DEFAULT_CREATION.chunk.incremental, "By how much it grows."),
    ]),
    undefined,
    "Bytes for strings, buffers and code that is not in flash.",
  ),
  key(
    "heap",
    pool([
      key(
        "initial",
        slots,
        DEFAULT_CREATION.heap.initial,
        "What it starts with. An idle task uses about 300.",
      ),
      key("incremental", slots, DEFAULT_CREATION.heap.incremental, "By how much it grows."),
    ]),
    undefined,
    `Slots of ${SLOT_BYTES} bytes for objects and properties.`,
  ),
  key(
    "stack",
    whole(STACK_SLOTS_MIN, STACK_SLOTS_MAX),
    DEFAULT_CREATION.stack,
    `Slots of the JavaScript stack. Reattach itself may go ${STACK_SLOTS_MIN} deep, and an ` +
      "overflow restarts the board.",
  ),
  key(
    "keys",
    pool([
      key(
        "initial",
        names,
        DEFAULT_CREATION.keys.initial,
        "How many there is room for; those in the sources are in flash.",
      ),
      key("incremental", names, DEFAULT_CREATION.keys.incremental, "By how many it grows."),
    ]),
    undefined,
    "Names that are made at run time: `object[name]`, `JSON.parse`.",
  ),
  key(
    "nativeStack",
    whole(NATIVE_STACK_BYTES_MIN, BYTES_MAX, "Moddable's choice"),
    DEFAULT_CREATION.nativeStack,
    "Bytes of the native stack. Messages and recovery take up to 3,650; Moddable gives 5 to 6 KB.",
  ),
  derived(
    "priority",
    whole(0, FREERTOS_PRIORITY_MAX),
    "from the task's `priority`: 1, 2 or 3",
    "Priority of the FreeRTOS task. The main VM has 4, and must be above all tasks.",
  ),
  derived("core", whole(0, CORE_MAX), "any", "Core of the ESP32 that it runs on."),
]);
