/**
 * Runs the stress in the simulator.
 */
import { fileURLToPath } from "node:url";
import { name_attach, name_detach } from "reattach";
import { boot, injectFaults, type System } from "reattach/node";
import { Killer } from "./killer.js";
import { CLIENTS, END, ON_PURPOSE } from "./protocol.js";
import { type ClientResult, Results } from "./results.js";
import { KILL_EVERY_MS, KILLING, MORTAL, SPARED, stressConfig, type Tally } from "./tasks.js";

export interface StressResult extends Tally {
  readonly clients: readonly ClientResult[];
}

/** How long, and how hard. */
export type StressOptions =
  /** So many messages, with `rate` times as many kills as KILL_EVERY_MS says. */
  | { readonly seed: number; readonly messages: number; readonly rate: number }
  /** As many messages as there is time for, until so many kills have happened. */
  | { readonly seed: number; readonly kills: number };

/** How often the killer looks. */
const LOOK_MS = 1;

function module(name: string): string {
  return fileURLToPath(new URL(`./${name}`, import.meta.url));
}

/** Runs messages through a system whose tasks are killed. */
export async function stress(options: StressOptions): Promise<StressResult> {
  const isByKills = "kills" in options;
  const { seed } = options;
  const reattach = isByKills
    ? stressConfig(0, seed, KILLING)
    : stressConfig(options.messages, seed);
  const modules = { server: module("server"), client: module("client"), victim: module("victim") };
  // Who spins takes the processor from the threads that start.
  const spin = isByKills ? { spinMax: 0 } : {};
  const system: System = await boot({ modules, config: { reattach } }, { seed, ...spin });
  const results = new Results();
  const { clients } = results;
  const accidents: string[] = [];
  let kills = 0;
  let end = 0;
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  system.on("bell", () => {
    results.poll();
    if (clients.length === CLIENTS) finish();
  });
  system.on("death", ({ name, cause, text }) => {
    if (cause === "killed" || text.includes(ON_PURPOSE)) kills++;
    else accidents.push(`${name}: ${cause}: ${text}`);
    if (isByKills && kills >= options.kills && end === 0) {
      faults.stop();
      end = name_attach(null, END, 0);
    }
    if (name.startsWith("client")) finish();
  });
  await system.start();
  const faults = isByKills ? killAlways(system, seed) : killByPlan(system, seed, options.rate);
  await finished;
  faults.stop();
  const view = system.view();
  const sum = (counter: "recoveries" | "saves" | "renotifies"): number =>
    view.reduce((total, { counters }) => total + counters[counter], 0);
  const tally = {
    recoveries: sum("recoveries"),
    saves: sum("saves"),
    renotifies: sum("renotifies"),
  };
  await system.stop();
  results.close();
  if (end > 0) name_detach(end, 0);
  const { channels, connections, names, pulses } = system.usage();
  const leaks = channels.used + connections.used + names.used + pulses.used;
  return { clients, kills, ...tally, leaks, accidents };
}

/** Kills whoever can be killed. */
function killAlways(system: System, seed: number): { stop(): void } {
  const names = system.manifest.tasks.map(({ name }) => name);
  const killer = new Killer(system, names, MORTAL, SPARED, seed);
  const timer = setInterval(() => {
    system.use();
    killer.look(performance.now());
  }, LOOK_MS);
  return { stop: () => clearInterval(timer) };
}

function killByPlan(system: System, seed: number, rate: number): { stop(): void } {
  const plan = MORTAL.map((name, i) => `kill:${name}:${Math.round(KILL_EVERY_MS[i]! / rate)}ms`);
  return injectFaults(system, plan, seed);
}
