/**
 * The `creation` of a task: the memory options of a Moddable Worker, checked.
 */
import { allowedNames } from "./suggest.js";
import { found, isObject, type JsonObject } from "./value.js";

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

/** A whole number from 0 to this, or an object of those. */
type Shape = number | { readonly [key: string]: number };

/** No microcontroller of this class has more, with its PSRAM. */
const BYTES_MAX = 33_554_432;
const SLOTS_MAX = BYTES_MAX / 16;
/** A JavaScript stack beyond a megabyte is a slip of the finger, and would be real memory here. */
const STACK_SLOTS_MAX = 65_536;
const KEYS_MAX = 65_535;

const SHAPES: Readonly<Record<keyof Creation, Shape>> = Object.freeze({
  static: BYTES_MAX,
  chunk: Object.freeze({ initial: BYTES_MAX, incremental: BYTES_MAX }),
  heap: Object.freeze({ initial: SLOTS_MAX, incremental: SLOTS_MAX }),
  stack: STACK_SLOTS_MAX,
  keys: Object.freeze({ initial: KEYS_MAX, incremental: KEYS_MAX }),
  nativeStack: BYTES_MAX,
  // configMAX_PRIORITIES of ESP-IDF is 25, and two cores are the most.
  priority: 24,
  core: 1,
});

/** These may be written as a number: what they start with. */
const POOLS: readonly string[] = Object.freeze(["chunk", "heap", "keys"]);

function checkNumber(value: unknown, max: number, path: string, problems: string[]): void {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > max) {
    problems.push(`${path}: found ${found(value)}, allowed is a whole number from 0 to ${max}`);
  }
}

/** Checks an object key by key against the names in `shapes`. */
function checkKeys(
  object: object,
  shapes: Readonly<Record<string, Shape>>,
  path: string,
  problems: string[],
): void {
  for (const [key, value] of Object.entries(object)) {
    const keyPath = `${path}.${key}`;
    const shape = Object.hasOwn(shapes, key) ? shapes[key] : undefined;
    if (shape === undefined) {
      problems.push(`${keyPath}: no such key, ${allowedNames(key, Object.keys(shapes))}`);
    } else if (typeof shape === "number") {
      checkNumber(value, shape, keyPath, problems);
    } else if (isObject(value)) {
      checkKeys(value, shape, keyPath, problems);
    } else {
      const names = Object.keys(shape).join(", ");
      problems.push(`${keyPath}: found ${found(value)}, allowed is an object with ${names}`);
    }
  }
}

/**
 * Reads the `creation` at `path`. With a new problem in `problems` the result is not to be
 * used.
 */
export function readCreation(input: unknown, path: string, problems: string[]): Creation {
  if (!isObject(input)) {
    problems.push(`${path}: found ${found(input)}, allowed is an object`);
    return {};
  }
  const creation: JsonObject = { ...input };
  for (const key of POOLS) {
    const initial = input[key];
    if (typeof initial === "number") creation[key] = { initial };
  }
  checkKeys(creation, SHAPES, path, problems);
  return creation;
}
