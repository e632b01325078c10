/**
 * Main on XS: the stress, on the device host.
 */
import Time from "time";
import Timer from "timer";
import config from "mc/config";
import { name_attach, name_detach } from "reattach";
import { boot } from "reattach/moddable";
import { exit } from "xs";
import { seededRandom } from "../../../../src/manager/supervise/random.js";
import { viewPlace } from "../../../../src/kernel/inspect/view.js";
import { viewUsage } from "../../../../src/kernel/inspect/usage.js";
import { Results } from "../../../load/stress/results.js";
import { Killer } from "../../../load/stress/killer.js";
import { CLIENTS, END } from "../../../load/stress/protocol.js";
import { CRASHING, KILL_EVERY_MS, MORTAL, SPARED } from "../../../load/stress/tasks.js";
import { MARK } from "./results.js";

/** How often to look for results; and whom to kill. */
const LOOK_MS = 5;
const KILL_LOOK_MS = 1;

/** How hard it is: `kills` 0 for a number of messages, with `rate` times the usual kills. */
interface StressSettings {
  readonly seed: number;
  readonly rate: number;
  readonly kills: number;
  /** A service crashes by itself too. */
  readonly mayCrash: boolean;
}

const { seed, rate, kills: wanted, mayCrash } = config["stress"] as StressSettings;
const random = seededRandom(seed);
const system = boot();
const results = new Results();
const accidents: string[] = [];
let kills = 0;
let isOver = false;
let end = 0;

system.on("death", ({ name, cause }) => {
  if (cause === "killed" || (mayCrash && cause === "throw" && name === CRASHING)) kills++;
  else accidents.push(`${name}: ${cause}`);
  if (wanted === 0 || kills < wanted || isOver) return;
  isOver = true;
  end = name_attach(null, END, 0);
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

function killAlways(): void {
  const names = system.ps().map(({ name }) => name);
  const killer = new Killer(system, names, MORTAL, SPARED, seed);
  Timer.repeat(() => {
    // More often than the host's own tick: a kill costs three looks.
    system.poll();
    if (!isOver) killer.look(Time.ticks);
  }, KILL_LOOK_MS);
}

if (wanted > 0) killAlways();
else MORTAL.forEach((name, i) => killLater(name, KILL_EVERY_MS[i]! / rate));

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
  if (end > 0) name_detach(end, 0);
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
