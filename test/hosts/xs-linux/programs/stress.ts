/**
 * Main on XS: the stress, on the device host.
 */
import Timer from "timer";
import config from "mc/config";
import { boot } from "reattach/moddable";
import { exit } from "xs";
import { seededRandom } from "../../../../src/ham/random.js";
import { viewPlace, viewUsage } from "../../../../src/kernel/view.js";
import { Results } from "../../../stress/results.js";
import { CLIENTS, KILL_EVERY_MS, MORTAL } from "../../../stress/tasks.js";
import { MARK } from "./results.js";

/** How often to look for results. */
const LOOK_MS = 5;

const { seed, rate } = config["stress"] as { seed: number; rate: number };
const random = seededRandom(seed);
const system = boot();
const results = new Results();
const accidents: string[] = [];
let kills = 0;
let isOver = false;

system.on("death", ({ name, cause }) => {
  if (cause === "killed") kills++;
  else accidents.push(`${name}: ${cause}`);
});
system.start();

function killLater(name: string, every_ms: number): void {
  Timer.set(
    () => {
      if (isOver) return;
      if (system.isRunning(name)) void system.kill(name);
      killLater(name, every_ms);
    },
    (0.5 + random()) * every_ms,
  );
}
MORTAL.forEach((name, i) => killLater(name, KILL_EVERY_MS[i]! / rate));

async function finish(): Promise<void> {
  isOver = true;
  const counters = Array.from({ length: system.layout.places }, (_, i) => viewPlace(i).counters);
  const sum = (name: "recoveries" | "saves" | "renotifies" | "sleeps"): number =>
    counters.reduce((total, each) => total + each[name], 0);
  const tally = {
    recoveries: sum("recoveries"),
    saves: sum("saves"),
    renotifies: sum("renotifies"),
    sleeps: sum("sleeps"),
  };
  await system.stop();
  results.close();
  const { channels, connections, names, pulses } = viewUsage();
  const leaks = channels.used + connections.used + names.used + pulses.used;
  const { clients } = results;
  trace(`${MARK}${JSON.stringify({ clients, kills, ...tally, leaks, accidents })}\n`);
  exit(0);
}

const look = Timer.repeat(() => {
  results.poll();
  if (results.clients.length < CLIENTS && accidents.length === 0) return;
  Timer.clear(look);
  void finish();
}, LOOK_MS);
