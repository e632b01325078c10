/**
 * The arena's beginning: made once by the host at boot, adopted by every other VM.
 */
import type { Limits } from "./limits.js";
import { HEAD_LIMITS } from "./layout.js";
import * as L from "./layout.js";
import { layoutOf, stableWords, type Layout } from "./regions.js";
import type { HostPort } from "../host.js";
import { createVm, use, type Vm } from "./vm.js";

/** First generation of every task: a pid is never 0. */
const FIRST_GENERATION = 1;

/**
 * Makes the arena for checked limits and attaches the main VM to it, which has no place in it yet:
 * createArena (kernel/task/boot.ts) is for hosts.
 */
export function makeArena(limits: Readonly<Limits>, port: HostPort): Vm {
  const layout = layoutOf(limits);
  const words = new Int32Array(new SharedArrayBuffer(layout.totalBytes));
  writeHeader(words, layout);
  words[L.HEAD_BOOT_MS] = port.now() | 0;
  for (let index = 0; index < layout.places; index++) {
    words[L.TASKS_AT + (index << L.TASK_SHIFT) + L.TASK_LIFE] =
      (FIRST_GENERATION << L.LIFE_BITS) | L.LIFE_FREE;
  }
  const vm = createVm(words, port, FIRST_GENERATION << L.PID_INDEX_BITS);
  use(vm);
  return vm;
}

/**
 * Attaches a task's VM to the arena it was given. Throws when the buffer is not an arena of this
 * build: the two sides of a system were built from different sources.
 */
export function attachArena(arena: SharedArrayBuffer, port: HostPort, pid: number): Vm {
  const words = new Int32Array(arena);
  if (words[L.HEAD_MAGIC] !== L.MAGIC) {
    throw new Error(`arena: found magic ${words[L.HEAD_MAGIC]}, allowed is ${L.MAGIC}`);
  }
  if (words[L.HEAD_BYTES] !== arena.byteLength) {
    throw new Error(`arena: found ${arena.byteLength} bytes, allowed are ${words[L.HEAD_BYTES]}`);
  }
  const vm = createVm(words, port, pid);
  use(vm);
  return vm;
}

function writeHeader(words: Int32Array, layout: Layout): void {
  words[L.HEAD_MAGIC] = L.MAGIC;
  words[L.HEAD_BYTES] = layout.totalBytes;
  for (let i = 0; i < HEAD_LIMITS.length; i++) {
    words[L.HEAD_TASKS + i] = layout.limits[HEAD_LIMITS[i]];
  }
  words[L.HEAD_PLACES] = layout.places;
  words[L.HEAD_CHANNELS_AT] = layout.channelsAt;
  words[L.HEAD_CHANNEL_WORDS] = layout.channelWords;
  words[L.HEAD_PENDING_WORDS] = layout.pendingWords;
  words[L.HEAD_PULSES_AT] = layout.pulsesAt;
  words[L.HEAD_CONNECTIONS_AT] = layout.connectionsAt;
  words[L.HEAD_NAMES_AT] = layout.namesAt;
  words[L.HEAD_SHARED_OWNERS_AT] = layout.sharedOwnersAt;
  words[L.HEAD_STABLE_AT] = layout.stableAt;
  writeStableIndex(words, layout);
  words[L.HEAD_SPARES_AT] = layout.sparesAt;
  words[L.HEAD_MANAGER_AT] = layout.channelsAt + layout.limits.channels * layout.channelWords;
  words[L.HEAD_TRACE_AT] = layout.traceAt;
  words[L.HEAD_BUFFERS_AT_BYTE] = layout.buffersAtByte;
  words[L.HEAD_BUFFER_STRIDE] = layout.bufferStride;
  words[L.HEAD_SHARED_AT_BYTE] = layout.sharedAtByte;
  words[L.HEAD_SHARED_STRIDE] = layout.sharedStride;
}

function writeStableIndex(
  words: Int32Array,
  { limits: { stableBytesOf = [] }, stableAt, stableIndexAt }: Layout,
): void {
  words[L.HEAD_STABLE_INDEX_AT] = stableIndexAt;
  let at = stableAt;
  for (let i = 0; i < stableBytesOf.length; i++) {
    const record = stableIndexAt + i * L.STABLE_INDEX_WORDS;
    words[record + L.STABLE_INDEX_AT] = at;
    words[record + L.STABLE_INDEX_BYTES] = stableBytesOf[i];
    at += stableWords(stableBytesOf[i]);
  }
}

function stableBytesIn(words: Int32Array, tasks: number): readonly number[] {
  const index = words[L.HEAD_STABLE_INDEX_AT] + L.STABLE_INDEX_BYTES;
  const bytes: number[] = [];
  for (let i = 0; i < tasks; i++) bytes.push(words[index + i * L.STABLE_INDEX_WORDS]);
  return Object.freeze(bytes);
}

/**
 * The limits of the arena with these words: all but `messageTrace`, which is the manifest's alone.
 * Allocates: for those who ask once.
 */
export function limitsIn(words: Int32Array): Readonly<Limits> {
  const limits = {} as { -readonly [Key in keyof Limits]: Limits[Key] };
  for (let i = 0; i < HEAD_LIMITS.length; i++) limits[HEAD_LIMITS[i]] = words[L.HEAD_TASKS + i];
  const agents = words[L.HEAD_PLACES] - 1 - limits.tasks;
  if (agents > 0) limits.agents = agents;
  if (words[L.HEAD_STABLE_INDEX_AT] !== 0)
    limits.stableBytesOf = stableBytesIn(words, limits.tasks);
  return Object.freeze(limits);
}

/** The layout of the arena with these words. Allocates: for hosts. */
export function layoutIn(words: Int32Array): Layout {
  return layoutOf(limitsIn(words));
}
