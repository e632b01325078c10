/**
 * One incarnation of a task: makes a worker's VM a task, and ends it.
 *
 * The body of a worker's module returns at once, or `new Worker` would not, and main would wait.
 * Ours (worker.ts) has none: it is preloaded, and Moddable calls its default export, startWorker(),
 * in each new VM. So the code costs a worker no RAM. The program is loaded from the first message.
 *
 * Every way out of the program's code leads to end(): main() throws, or rejects; a callback or a
 * timer throws; a promise is rejected and nobody cares; there is no memory left. An exception that
 * went past all of them would restart the board.
 */
import { attachArena } from "../../src/kernel/arena.js";
import { load, store } from "../../src/kernel/atomic.js";
import * as L from "../../src/kernel/layout.js";
import { STOPPED } from "../../src/kernel/wait.js";
import { loadModule, park } from "reattach/moddable/native";
import { DevicePort } from "./port.js";
import type { HostMessage, StartMessage } from "./protocol.js";

/** First arguments of the abort hook, in XS's own words: what ends a task and leaves XS sound; */
const EXCEPTION = "unhandled exception";
const REJECTION = "unhandled rejection";
/** and what is for want of memory. */
const MEMORY_FULL = "memory full";
const KEYS_FULL = "not enough keys";

/**
 * The task is over: tells the host, which will terminate this VM, and makes whatever of its code is
 * still called from a timer leave the kernel at once. The first reason counts.
 */
function end(stage: number): void {
  if (load($own, L.TASK_STAGE) >= L.STAGE_STOPPED) return;
  store($own, L.TASK_POISON, L.POISON_STOP);
  store($own, L.TASK_STAGE, stage);
}

function fail(error: unknown): void {
  if (error === STOPPED) return end(L.STAGE_STOPPED);
  // Read before the text is made: that may be what there is no memory for.
  const isOver = load($own, L.TASK_STAGE) >= L.STAGE_STOPPED;
  end(L.STAGE_THREW);
  if (!isOver) trace(`${describe(error)}\n`);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}

/** XS calls this, as globalThis.abort, instead of restarting the board. */
function abort(message: string, exception: unknown): boolean {
  // Before the first message there is no arena to tell: let the board restart.
  if (globalThis.$me === undefined) return true;
  if (message === EXCEPTION || message === REJECTION) {
    fail(exception);
    return false;
  }
  // XS is in the middle of something that failed, which it would go on with, or try again for ever:
  // nothing may run in this VM any more. Of a constant string the log needs no memory.
  trace(message, "\n");
  end(message === MEMORY_FULL || message === KEYS_FULL ? L.STAGE_MEMORY : L.STAGE_THREW);
  return park();
}

function begin({ arena, pid, name, module, args, spinMax }: StartMessage): void {
  attachArena(arena, new DevicePort(name, true, spinMax), pid);
  // Not import(): main() may never return, and what makes a promise would be in use as long. And
  // not from a timer: the SDK's simulator for Linux calls a worker's timers in the main thread.
  const { main } = loadModule(module);
  if (typeof main !== "function") {
    throw new TypeError(`the module exports no main(args), found ${typeof main}`);
  }
  store($own, L.TASK_STAGE, L.STAGE_RUNNING);
  const result: unknown = main(args);
  // XS finds a rejection that nobody handles only when its promise is collected, if ever.
  if (result instanceof Promise) result.catch(fail);
}

function hear(message: HostMessage): void {
  try {
    if ("stop" in message) end(L.STAGE_STOPPED);
    else begin(message);
  } catch (error) {
    if (globalThis.$me === undefined) throw error;
    fail(error);
  }
}

/** Called by Moddable in the new VM, before `new Worker` returns. */
export function startWorker(): void {
  globalThis.abort = abort;
  self.onmessage = hear;
}
