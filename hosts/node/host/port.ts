/**
 * The port of src/host.ts on Node.js: what the kernel needs in the main thread and in each worker.
 */
import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import type { HostPort, ManagerPort } from "../../../src/host.js";

/** What differs from VM to VM. */
export interface PortOptions {
  /** False in the main thread. */
  readonly mayBlock: boolean;
  /** The most looks at the doorbell before sleeping; default: by the number of processors. */
  readonly spinMax: number | undefined;
  readonly log: (text: string) => void;
  readonly manager: ManagerPort | null;
}

/** The manager of a main thread is made after its port. */
type NodePort = Omit<HostPort, "manager"> & { manager: ManagerPort | null };

/**
 * About 100 µs of looking on today's processors, twice what it takes to wake a thread on another
 * core: if both sides are to stop sleeping, the first to spin must outlast the other's waking up.
 * None where the other side cannot run meanwhile.
 */
const SPIN_MAX = 20_000;
/** From here on a view and one native copy are faster than a loop. */
const LOOP_BYTES_MAX = 256;

/** Seconds and nanoseconds of the system's monotonic clock, which all threads share, as ms. */
function monotonic(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

const { isView } = ArrayBuffer;
const bytesOf = Object.getPrototypeOf(Uint8Array.prototype) as object;
const getBuffer = getterOf("buffer") as (this: Uint8Array) => ArrayBufferLike;
const getOffset = getterOf("byteOffset") as (this: Uint8Array) => number;
const { set } = Uint8Array.prototype;

/** A getter of all typed arrays, which an array cannot have replaced for itself. */
function getterOf(name: "buffer" | "byteOffset"): () => unknown {
  return Object.getOwnPropertyDescriptor(bytesOf, name)!.get!;
}

function copyMany(
  target: Uint8Array,
  targetStart: number,
  source: Uint8Array,
  sourceStart: number,
  count: number,
): void {
  try {
    const from = getOffset.call(source) + sourceStart;
    set.call(target, new Uint8Array(getBuffer.call(source), from, count), targetStart);
  } catch {
    // Detached, or shorter than it says.
  }
}

function copy(
  target: Uint8Array,
  targetStart: number,
  source: Uint8Array,
  sourceStart: number,
  count: number,
): void {
  // A proxy of an array would run code of its maker for every byte.
  if (!isView(target) || !isView(source)) return;
  if (count > LOOP_BYTES_MAX) {
    copyMany(target, targetStart, source, sourceStart, count);
    return;
  }
  let to = targetStart;
  let from = sourceStart;
  const end = sourceStart + count;
  // Eight at a time: V8 checks bounds byte by byte, and the loop itself would cost as much again.
  for (; from + 8 <= end; from += 8, to += 8) {
    target[to] = source[from]!;
    target[to + 1] = source[from + 1]!;
    target[to + 2] = source[from + 2]!;
    target[to + 3] = source[from + 3]!;
    target[to + 4] = source[from + 4]!;
    target[to + 5] = source[from + 5]!;
    target[to + 6] = source[from + 6]!;
    target[to + 7] = source[from + 7]!;
  }
  for (; from < end; from++, to++) target[to] = source[from]!;
}

/** A port for this thread. */
export function createPort({ mayBlock, spinMax, log, manager }: PortOptions): NodePort {
  // performance.now() counts from the start of its thread, and costs a third of hrtime().
  const origin = monotonic() - performance.now();
  return {
    mayBlock,
    // V8 loses no wake-up: what rings while a thread is on its way into its sleep ends it.
    sliceMin_ms: 100,
    spinMax: spinMax ?? (availableParallelism() > 1 ? SPIN_MAX : 0),
    now: () => origin + performance.now(),
    copy,
    log,
    manager,
  };
}
