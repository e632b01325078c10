/**
 * The port of src/host.ts on Node.js: what the kernel needs in the main thread and in each worker.
 */
import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import type { HostPort, ManagerPort } from "../../../src/host.js";
import { SLICE_MS } from "../../../src/kernel/task/doorbell.js";
import { obeyFault } from "./fault-orders.js";

/** What differs from VM to VM. */
export interface PortOptions {
  /** False in the main thread. */
  readonly mayBlock: boolean;
  /** The most looks at the doorbell before sleeping; default: by the number of processors. */
  readonly spinMax: number | undefined;
  /** The guardian's thread ends the first slices of sleeps (slices.ts). */
  readonly isGuarded: boolean;
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
/** Up to here a loop is faster than one native copy. */
const LOOP_BYTES_MAX = 16;
/** From here on a view of a part is worth making, though the part may not come again. */
const VIEW_BYTES_MIN = 256;

/** Seconds and nanoseconds of the system's monotonic clock, which all threads share, as ms. */
function monotonic(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

const { isView } = ArrayBuffer;
const bytesOf = Object.getPrototypeOf(Uint8Array.prototype) as object;
const getBuffer = getterOf("buffer") as (this: Uint8Array) => ArrayBufferLike;
const getOffset = getterOf("byteOffset") as (this: Uint8Array) => number;
const getLength = getterOf("length") as (this: Uint8Array) => number;
const { set } = Uint8Array.prototype;

/** A getter of all typed arrays, which an array cannot have replaced for itself. */
function getterOf(name: "buffer" | "byteOffset" | "length"): () => unknown {
  return Object.getOwnPropertyDescriptor(bytesOf, name)!.get!;
}

/**
 * The part of an array that was last copied, and its view once it has been asked for twice: a
 * client finds all its replies in one place, and a server often the messages of one client.
 */
let lastSource: Uint8Array | null = null;
let lastStart = 0;
let lastCount = 0;
let lastPart: Uint8Array | null = null;

/** `count` bytes of an array as one of its own; null where a loop is cheaper. May throw. */
function partOf(source: Uint8Array, start: number, count: number): Uint8Array | null {
  if (start === 0 && getLength.call(source) === count) return source;
  const isAgain = source === lastSource && start === lastStart && count === lastCount;
  if (isAgain && lastPart !== null) return lastPart;
  const isWorthIt = isAgain || count >= VIEW_BYTES_MIN;
  lastSource = source;
  lastStart = start;
  lastCount = count;
  lastPart = isWorthIt
    ? new Uint8Array(getBuffer.call(source), getOffset.call(source) + start, count)
    : null;
  return lastPart;
}

function copyByByte(
  target: Uint8Array,
  targetStart: number,
  source: Uint8Array,
  sourceStart: number,
  count: number,
): void {
  const end = sourceStart + count;
  for (let from = sourceStart, to = targetStart; from < end; from++, to++) {
    target[to] = source[from]!;
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
  try {
    const part = count > LOOP_BYTES_MAX ? partOf(source, sourceStart, count) : null;
    if (part === null) copyByByte(target, targetStart, source, sourceStart, count);
    else set.call(target, part, targetStart);
  } catch {
    // Detached, or shorter than it says.
  }
}

/** A port for this thread. */
export function createPort({ mayBlock, spinMax, isGuarded, log, manager }: PortOptions): NodePort {
  // performance.now() counts from the start of its thread, and costs a third of hrtime().
  const origin = monotonic() - performance.now();
  return {
    mayBlock,
    // V8 loses no wake-up: what rings while a thread is on its way into its sleep ends it.
    sliceMin_ms: isGuarded ? Infinity : SLICE_MS,
    spinMax: spinMax ?? (availableParallelism() > 1 ? SPIN_MAX : 0),
    now: () => origin + performance.now(),
    copy,
    obey: obeyFault,
    log,
    manager,
  };
}
