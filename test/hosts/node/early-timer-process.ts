/**
 * A board whose one task dies again and again, and nothing else that keeps this process alive, with
 * timers that are early: for early-timer.test.ts.
 */
import { fileURLToPath } from "node:url";
import { boot } from "reattach/node";

/** Far more than the part of a millisecond by which those of Node.js are. */
const EARLY_MS = 40;
const STARTS = 4;

const inTime = globalThis.setTimeout;
const early = (act: () => void, ms: number): NodeJS.Timeout =>
  inTime(act, ms > EARLY_MS ? ms - EARLY_MS : ms);
globalThis.setTimeout = early as typeof setTimeout;

const system = await boot({
  modules: { tasks: fileURLToPath(new URL("./tasks", import.meta.url)) },
  config: { reattach: { tasks: { mortal: { module: "tasks", args: { act: "throw" } } } } },
});
let starts = 0;
system.on("log", () => undefined);
system.on("start", () => {
  if (++starts < STARTS) return;
  console.log("started again and again");
  void system.stop();
});
await system.start();
