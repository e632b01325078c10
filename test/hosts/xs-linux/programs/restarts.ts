/**
 * Main on XS: kills every task as soon as it runs, so many times, and writes down what its own VM
 * has come to need, and what is left in the arena.
 */
import config from "mc/config";
import { boot } from "reattach/moddable";
import { chunkBytes, collect, exit, slots } from "xs";
import type { RestartsResult } from "../restarts-result.js";
import { MARK } from "./results.js";

const wanted = config["restarts"] as number;
const system = boot();
const seen: { slots: number[]; chunkBytes: number[] } = { slots: [], chunkBytes: [] };
let total = 0;

function measure(): void {
  collect();
  seen.slots.push(slots());
  seen.chunkBytes.push(chunkBytes());
}

async function finish(): Promise<void> {
  measure();
  const restarts = system.ps().map((task) => task.restarts);
  await system.stop();
  const { channels, connections, names, pulses } = system.usage();
  const left = channels.used + connections.used + names.used + pulses.used;
  trace(`${MARK}${JSON.stringify({ restarts, ...seen, left } satisfies RestartsResult)}\n`);
  exit(0);
}

const tasks = system.ps().length;
system.on("ready", (name) => {
  const { restarts } = system.ps().find((task) => task.name === name)!;
  // Warm, and every task runs.
  if (++total === Math.ceil(wanted / 5) * tasks) measure();
  if (restarts < wanted) void system.kill(name);
  else if (system.ps().every((task) => task.restarts >= wanted)) void finish();
});
system.start();
