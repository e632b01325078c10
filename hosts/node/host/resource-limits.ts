/**
 * Memory of a task: Moddable's `creation` options as `resourceLimits` of a worker thread.
 *
 * It cannot be byte exact. V8 counts in megabytes, needs several of them before the first line of a
 * task runs, has objects of other sizes than XS, and keeps compiled code in the same heap. So the
 * simulator catches a task that leaks, because that grows without end; a task that merely needs 20%
 * more than its device has is only caught on XS.
 */
import type { ResourceLimits } from "node:worker_threads";
import type { Creation } from "../../../src/manifest/creation.js";

const MEGABYTE = 1_048_576;
/** A slot of XS on a 32-bit device. */
const SLOT_BYTES = 16;
/** A pointer is 8 bytes in V8 and 4 on the device. */
const V8_BYTES_PER_XS_BYTE = 2;

/** An empty worker of Node 20 lives with 6 MB and dies with 4; bundled libraries get the rest. */
const OLD_GENERATION_FLOOR_MB = 16;
/** Short-lived objects only. Node's default, 48, would hide a leak for as long. */
const YOUNG_GENERATION_MB = 4;
/** Below about 0.25 MB a worker takes the whole process down with it instead of failing alone. */
const STACK_FLOOR_MB = 1;

function megabytes(floor: number, xsBytes: number): number {
  return floor + Math.ceil((xsBytes * V8_BYTES_PER_XS_BYTE) / MEGABYTE);
}

/**
 * Limits for a task of this `creation`; a task that gives none gets the floors.
 *
 *     pools          = chunk.initial + 16 * (heap.initial + stack)
 *     device bytes   = static, or pools where that is 0 or left out
 *     old generation = 16 MB + 2 * device bytes, rounded up to whole MB
 *     stack          =  1 MB + 2 * 16 * stack,   rounded up to whole MB
 */
export function resourceLimitsFor(creation: Creation = {}): ResourceLimits {
  const stackBytes = (creation.stack ?? 0) * SLOT_BYTES;
  const heapBytes = (creation.heap?.initial ?? 0) * SLOT_BYTES;
  const pools = (creation.chunk?.initial ?? 0) + heapBytes + stackBytes;
  return {
    maxOldGenerationSizeMb: megabytes(OLD_GENERATION_FLOOR_MB, creation.static || pools),
    maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
    stackSizeMb: megabytes(STACK_FLOOR_MB, stackBytes),
  };
}
