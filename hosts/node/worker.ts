/**
 * The first module of every worker thread: attaches the thread to the arena, loads the task's
 * program and calls its main(args).
 *
 * What main() throws ends the task: as its last act it reports its own death, so that its clients
 * recover at once and not only when the thread's exit is seen.
 */
import { format } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import { attachArena } from "../../src/kernel/arena.js";
import { reportDeath } from "../../src/kernel/death.js";
import { STOPPED } from "../../src/kernel/wait.js";
import { createPort } from "./port.js";
import type { DeathCause, HostMessage, LogLevel, WorkerMessage, WorkerStart } from "./protocol.js";
import { installSourceMaps } from "./source-maps.js";

const start = workerData as WorkerStart;

function tell(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

/** Node's own console waits for the event loop, which a task in MsgReceive never returns to. */
function installConsole(): void {
  const writer =
    (level: LogLevel) =>
    (...values: unknown[]): void =>
      tell({ type: "log", level, text: format(...values) });
  Object.assign(console, {
    debug: writer("info"),
    error: writer("error"),
    info: writer("info"),
    log: writer("info"),
    warn: writer("warn"),
  });
  // Moddable's trace() is what a program writes with on the device: text without a line end.
  Object.assign(globalThis, {
    trace: (...values: unknown[]): void => {
      tell({ type: "log", level: "info", text: values.map(String).join("").replace(/\n$/, "") });
    },
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}

/** The last act: tell the clients through the arena, then the host, and never run again. */
function die(error: unknown, cause: DeathCause): never {
  if (error === STOPPED) {
    tell({ type: "stopped" });
    process.exit(0);
  }
  reportDeath(start.pid);
  tell({ type: "threw", cause, text: describe(error) });
  process.exit(1);
}

async function load(): Promise<(args: unknown) => unknown> {
  const program = (await import(start.program)) as { main?: unknown };
  if (typeof program.main !== "function") {
    throw new TypeError(`the module exports no main(args), found ${typeof program.main}`);
  }
  return program.main as (args: unknown) => unknown;
}

installSourceMaps();
installConsole();
attachArena(
  start.arena,
  createPort({ mayBlock: true, spinMax: start.spinMax, log: (text) => console.warn(text) }),
  start.pid,
);
process.on("uncaughtException", (error) => die(error, "throw"));
parentPort?.on("message", (message: HostMessage) => {
  if (message.type === "stop") die(STOPPED, "throw");
});
// Listening is no reason to go on living: a task whose main() has returned and that waits for
// nothing has ended.
parentPort?.unref();

try {
  const main = await load();
  tell({ type: "ready" });
  await main(start.args);
} catch (error) {
  die(error, error instanceof SyntaxError ? "syntax" : "throw");
}
