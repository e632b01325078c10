/**
 * The arena's beginning: made once by the host at boot, adopted by every other VM.
 */
import { HEAD_LIMITS } from "./layout.js";
import * as L from "./layout.js";
import type { Limits } from "./config.js";
import { layoutOf, type Layout } from "./regions.js";
import type { HostPort } from "../host.js";
import { claimTask, PRIORITY_MIN } from "./task.js";
import { createVm, use, type Vm } from "./state.js";

/** First generation of every task: a pid is never 0. */
const FIRST_GENERATION = 1;

/**
 * Makes the arena for checked limits and attaches the main VM to it. The only allocation of shared
 * memory in a system's life. Keep the returned attachment: it keeps the arena alive.
 */
export function createArena(limits: Readonly<Limits>, port: HostPort): Vm {
  const layout = layoutOf(limits);
  const arena = new SharedArrayBuffer(layout.totalBytes);
  const words = new Int32Array(arena);
  words[L.HEAD_MAGIC] = L.MAGIC;
  words[L.HEAD_VERSION] = L.LAYOUT_VERSION;
  words[L.HEAD_BYTES] = layout.totalBytes;
  words[L.HEAD_BOOT_MS] = port.now() | 0;
  HEAD_LIMITS.forEach((key, i) => {
    words[L.HEAD_LIMIT_FIRST + i] = limits[key];
  });
  for (let index = 0; index < layout.places; index++) {
    words[layout.tasksAt + (index << L.TASK_SHIFT) + L.TASK_LIFE] =
      (FIRST_GENERATION << L.LIFE_BITS) | L.LIFE_FREE;
  }
  const mainPid = FIRST_GENERATION << L.PID_INDEX_BITS;
  const vm = createVm(arena, layout, port, mainPid, layout.tasksAt);
  use(vm);
  claimTask(0, PRIORITY_MIN);
  return vm;
}

/**
 * Attaches a task's VM to the arena it was given. Throws when the buffer is not an arena of this
 * build: the two sides of a system were built from different sources.
 */
export function attachArena(arena: SharedArrayBuffer, port: HostPort, pid: number): Vm {
  const layout = adoptLayout(arena);
  const address = layout.tasksAt + ((pid & L.PID_INDEX_MASK) << L.TASK_SHIFT);
  const vm = createVm(arena, layout, port, pid, address);
  use(vm);
  return vm;
}

function adoptLayout(arena: SharedArrayBuffer): Layout {
  const words = new Int32Array(arena);
  if (words[L.HEAD_MAGIC] !== L.MAGIC || words[L.HEAD_VERSION] !== L.LAYOUT_VERSION) {
    throw new Error(
      `arena: found magic ${words[L.HEAD_MAGIC]} version ${words[L.HEAD_VERSION]}, ` +
        `allowed is magic ${L.MAGIC} version ${L.LAYOUT_VERSION}`,
    );
  }
  const limits = {} as Limits;
  HEAD_LIMITS.forEach((key, i) => {
    limits[key] = words[L.HEAD_LIMIT_FIRST + i];
  });
  const layout = layoutOf(limits);
  if (layout.totalBytes !== arena.byteLength) {
    throw new Error(`arena: found ${arena.byteLength} bytes, allowed are ${layout.totalBytes}`);
  }
  return layout;
}
