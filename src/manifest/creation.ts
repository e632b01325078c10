/**
 * The `creation` of a task: the memory options of a Moddable Worker, checked.
 */
import { CREATION, DEFAULT_CREATION, SLOT_BYTES } from "./creation-keys.js";
import { isObject, type JsonObject } from "./value.js";

/** A memory pool: what it starts with, and by how much it grows. */
export interface Pool {
  initial?: number;
  incremental?: number;
}

/** Memory of a task, as Moddable's `new Worker(module, creation)` takes it. */
export interface Creation {
  /** Bytes of everything together; 0 for pools of their own. */
  static?: number;
  /** Bytes for strings, buffers and code. */
  chunk?: Pool;
  /** Slots, 16 bytes each on the device, for objects and properties. */
  heap?: Pool;
  /** Slots of the JavaScript stack. */
  stack?: number;
  /**
   * Names that can be made at run time. Moddable takes `name` and `symbol` here too, sizes of hash
   * tables; but a VM copies those of its application, whatever their size, and overruns its own.
   */
  keys?: Pool;
  /** Bytes of the native stack. */
  nativeStack?: number;
  /** Priority of the FreeRTOS task. */
  priority?: number;
  /** Core of the ESP32 that it runs on. */
  core?: number;
}

/** A creation with its defaults; only `priority` and `core` may be left out. */
export type CompleteCreation = Creation & {
  readonly [Key in "chunk" | "heap" | "keys"]: Required<Pool>;
} & Required<Pick<Creation, "static" | "stack" | "nativeStack">>;

/** What a task gets that has this `creation`. */
export function completeCreation(creation: Creation = {}): CompleteCreation {
  return {
    ...DEFAULT_CREATION,
    ...creation,
    chunk: { ...DEFAULT_CREATION.chunk, ...creation.chunk },
    heap: { ...DEFAULT_CREATION.heap, ...creation.heap },
    keys: { ...DEFAULT_CREATION.keys, ...creation.keys },
  };
}

/** Tables of names and the like, beside the pools. */
export const TABLES_BYTES = 1_024;

/**
 * Checks that the block of a `creation` holds its pools: a VM for which it does not restarts the
 * board when it is made.
 */
export function checkStatic(creation: CompleteCreation, path: string, problems: string[]): void {
  const { static: bytes, chunk, heap, stack } = creation;
  const needed = chunk.initial + (heap.initial + stack) * SLOT_BYTES + TABLES_BYTES;
  if (bytes === 0 || bytes >= needed) return;
  problems.push(
    `${path}.static: found ${bytes}, allowed is 0 for no limit, or at least ${needed}: ` +
      `chunk.initial, ${SLOT_BYTES} bytes for each slot of heap.initial and stack, ` +
      `${TABLES_BYTES} for tables`,
  );
}

/** As it stands in the manifest, but for pools of which it says a number. */
export function givenCreation(input: unknown): Creation {
  if (!isObject(input)) return {};
  const creation: JsonObject = { ...input };
  for (const { key, rule } of CREATION.keys) {
    const initial = input[key];
    if (rule.kind === "keys" && typeof initial === "number") creation[key] = { initial };
  }
  return creation;
}
