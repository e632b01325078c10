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
import { ManagerClient } from "../../src/manager/client.js";
import { attachArena } from "../../src/arena/arena.js";
import { add, load, store } from "../../src/arena/atomic.js";
import * as L from "../../src/arena/layout.js";
import { answerNudge, enterLoop } from "../../src/kernel/inspect/vitals.js";
import { leaveLastWords } from "../../src/kernel/death/last-words.js";
import { describeThrown } from "../../src/kernel/death/thrown.js";
import { STOPPED } from "../../src/kernel/task/doorbell.js";
import { traceAttach, traceEnd } from "../../src/kernel/trace/points.js";
import { loadModule, park } from "reattach/moddable/native";
import { DevicePort, spinMaxOfChip } from "./port.js";
import { type HostMessage, NUDGE, type StartMessage } from "./protocol.js";

/** First arguments of the abort hook, in XS's own words: what ends a task and leaves XS sound; */
const EXCEPTION = "unhandled exception";
const REJECTION = "unhandled rejection";
/** and what is for want of memory. */
const MEMORY_FULL = "memory full";
const KEYS_FULL = "not enough keys";

/** It has no state: one in flash for all VMs. */
const MANAGER = Object.freeze(new ManagerClient());

/** What a VM that stands by has loaded, and is to be called with. */
interface Standby {
  readonly start: StartMessage;
  readonly main: (args: unknown) => unknown;
}

declare global {
  /** Address of the word where a VM tells its stage that stands by. */
  // oxlint-disable-next-line no-var
  var $spareAt: number;
  // oxlint-disable-next-line no-var
  var $standby: Standby | undefined;
}

/** Address of the word where this VM's stage is told. */
function stageAt(): number {
  return globalThis.$vm === undefined ? $spareAt : $me + L.TASK_STAGE;
}

/** Before the first message there is no arena to tell anything. */
function hasArena(): boolean {
  return globalThis.$words !== undefined;
}

/** Has this task ended already? The first reason counts. */
function isOver(): boolean {
  return (load($words, stageAt()) & L.STAGE_MASK) >= L.STAGE_STOPPED;
}

/**
 * The task is over: tells the host, which will terminate this VM, and makes whatever of its code is
 * still called from a timer leave the kernel at once.
 */
function end(stage: number): void {
  if (isOver()) return;
  if (globalThis.$vm !== undefined) store($own, L.TASK_POISON, L.POISON_STOP);
  // Before it says that it is over: then its ring is its successor's.
  traceEnd();
  tell(stage);
}

/**
 * Writes the stage, then rings main, which looks at the next tick. This VM is not ended in between:
 * main ends only those that have said that they are over. If it is held up there, main looks twice
 * a second anyway.
 */
function tell(stage: number): void {
  store($words, stageAt(), stage);
  add($words, L.TASKS_AT + L.TASK_BELL, 1);
}

function fail(error: unknown): void {
  if (error === STOPPED) return end(L.STAGE_STOPPED);
  if (isOver()) return;
  const isAttached = globalThis.$vm !== undefined;
  // What is thrown may have code that is called for its text: no call of the kernel in it waits.
  if (isAttached) store($own, L.TASK_POISON, L.POISON_STOP);
  const text = describeThrown(error);
  // Where there is no memory for the text, abort() has ended the task.
  const isSaid = isAttached && leaveLastWords(text);
  // Before the end: whoever is ended while it writes leaves the log locked.
  trace(text, "\n");
  end(isSaid ? L.STAGE_SAID : L.STAGE_THREW);
}

/** XS calls this, as globalThis.abort, instead of restarting the board. */
function abort(message: string, exception: unknown): boolean {
  // Let the board restart.
  if (!hasArena()) return true;
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

function begin(start: StartMessage): void {
  const { pid } = start;
  if (pid < 0) {
    globalThis.$words = new Int32Array(start.arena);
    globalThis.$spareAt = $words[L.HEAD_SPARES_AT]! - pid - 1;
    globalThis.$standby = { start, main: loadMain(start.module) };
    tell(L.SPARE_READY);
  } else {
    attach(start, pid);
    run(loadMain(start.module), start.args);
  }
}

/** This VM has stood by, and is the next incarnation now. */
function take(pid: number): void {
  const { start, main } = globalThis.$standby!;
  tell(0);
  attach(start, pid);
  run(main, start.args);
}

function attach(start: StartMessage, pid: number): void {
  const { arena, name } = start;
  const port = new DevicePort(name, true, spinMaxOfChip());
  port.manager = MANAGER;
  attachArena(arena, port, pid);
  traceAttach(start, pid);
}

function loadMain(module: string): (args: unknown) => unknown {
  // Not import(): main() may never return, and what makes a promise would be in use as long. And
  // not from a timer: the SDK's simulator for Linux calls a worker's timers in the main thread.
  const { main } = loadModule(module);
  if (typeof main === "function") return main as (args: unknown) => unknown;
  throw new TypeError(`the module exports no main(args), found ${typeof main}`);
}

function run(main: (args: unknown) => unknown, args: unknown): void {
  tell(L.STAGE_RUNNING);
  const result: unknown = main(args);
  // It has returned, or awaits: from here on it is called from its event loop.
  enterLoop();
  // XS finds a rejection that nobody handles only when its promise is collected, if ever.
  if (result instanceof Promise) result.catch(fail);
}

function hear(message: HostMessage): void {
  try {
    if (message === NUDGE) answerNudge();
    else if ("stop" in message) end(L.STAGE_STOPPED);
    else if ("call" in message) take(message.call);
    else begin(message);
  } catch (error) {
    if (!hasArena()) throw error;
    fail(error);
  }
}

/** Called by Moddable in the new VM, before `new Worker` returns. */
export function startWorker(): void {
  globalThis.abort = abort;
  self.onmessage = hear;
}
