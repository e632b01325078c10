/**
 * The first module of every worker thread: attaches the thread to the arena, loads the task's
 * program and calls its main(args).
 *
 * What main() throws ends the task. It tells the host, which starts its successor at once, and as
 * its last act it reports its own death: its clients recover even while the main thread is busy.
 */
import { parentPort, workerData } from "node:worker_threads";
import { attachArena } from "../../../src/arena/arena.js";
import { reportDeath } from "../../../src/kernel/death/death.js";
import { answerNudge, enterLoop } from "../../../src/kernel/inspect/vitals.js";
import { obey, STOPPED } from "../../../src/kernel/task/doorbell.js";
import { traceAttach, traceEnd } from "../../../src/kernel/trace/points.js";
import { createPort } from "./port.js";
import { ManagerClient } from "../../../src/manager/client.js";
import type { DeathCause } from "../../../src/manager/status.js";
import { attachHardware } from "../hardware/task/client.js";
import { RingWriter } from "../log/ring.js";
import { installConsole } from "../log/task-console.js";
import type { HostMessage, WorkerMessage, WorkerStart } from "./protocol.js";
import { rehearse } from "./rehearsal.js";
import { describeRaw, installSourceMaps } from "../compile/source-maps.js";

const start = workerData as WorkerStart;

function tell(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

/** The incarnation that this thread is; 0 while it stands by. */
let pid = start.pid;

/** The last act: tell the clients through the arena, then the host, and never run again. */
function die(error: unknown, cause: DeathCause): never {
  finishLog();
  // Before its last word: then its ring is its successor's.
  traceEnd();
  if (error === STOPPED) {
    tell({ type: "stopped" });
    process.exit(0);
  }
  // After its last word nothing of the program may run: the host starts the successor at once.
  process.removeAllListeners("exit");
  // The host before the clients: this is the first time that this thread goes through a report, and
  // the host, which has been there before, does the same meanwhile.
  tell({ type: "threw", cause, text: describeRaw(error) });
  if (pid !== 0) reportDeath(pid);
  process.exit(1);
}

async function load(): Promise<(args: unknown) => unknown> {
  const program = (await import(start.program)) as { main?: unknown };
  if (typeof program.main !== "function") {
    throw new TypeError(`the module exports no main(args), found ${typeof program.main}`);
  }
  return program.main as (args: unknown) => unknown;
}

function attach(): void {
  const log = (text: string): void => console.warn(text);
  const manager = new ManagerClient();
  const { arena, spinMax, isGuarded } = start;
  attachArena(arena, createPort({ mayBlock: true, spinMax, isGuarded, log, manager }), pid);
  traceAttach(start, pid);
}

installSourceMaps();
const finishLog = installConsole(new RingWriter(start.log, () => tell({ type: "log" })));
process.on("exit", finishLog);
if (pid !== 0) attach();
if (start.hardware !== null) attachHardware(start.hardware);
process.on("uncaughtException", (error) => die(error, "throw"));
// Not left to Node.js, which would put an error of its own around what was thrown. A program that
// listens itself takes care itself.
process.on("unhandledRejection", (reason) => {
  if (process.listenerCount("unhandledRejection") === 1) die(reason, "throw");
});
parentPort?.on("message", ({ type }: HostMessage) => {
  if (type === "nudge") answerNudge();
  else if (type === "look") obey();
  else die(STOPPED, "throw");
});
// Listening is no reason to go on living: a task whose main() has returned and that waits for
// nothing has ended.
parentPort?.unref();

/** Stands by until it is called; ended from outside when it never is. */
function standBy(): void {
  while (pid === 0) {
    Atomics.wait(start.called, 0, 0);
    pid = Atomics.load(start.called, 0);
  }
  attach();
}

/** A thrown proxy may throw when it is asked. */
function isSyntaxError(error: unknown): boolean {
  try {
    return error instanceof SyntaxError;
  } catch {
    return false;
  }
}

/** As Node.js has it for a module that awaits what never comes. */
const EXIT_UNSETTLED = 13;
let isSettled = false;
process.on("beforeExit", () => {
  if (!isSettled) process.exit(EXIT_UNSETTLED);
});

async function run(): Promise<void> {
  try {
    if (pid === 0) rehearse();
    if (start.loadsLate) {
      tell({ type: "waits" });
      standBy();
    }
    const main = await load();
    tell({ type: "loaded" });
    if (pid === 0) standBy();
    const result = main(start.args);
    // It has returned, or awaits: from here on it is called from its event loop.
    enterLoop();
    // An order that came before nobody would tell it of: main has seen it run.
    obey();
    await result;
    isSettled = true;
  } catch (error) {
    die(error, isSyntaxError(error) ? "syntax" : "throw");
  }
}

// Not with `await`: a thread that is ended just when V8 begins to run a module that awaits takes
// the whole process down with it (Node.js 20: "Check failed: (location_) != nullptr").
void run();
