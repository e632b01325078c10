/**
 * Runs the stress in the simulator.
 */
import { fileURLToPath } from "node:url";
import { boot, injectFaults, type System } from "reattach/node";
import { type ClientResult, Results } from "./results.js";
import { CLIENTS, KILL_EVERY_MS, MORTAL, stressTasks, type Tally } from "./tasks.js";

export interface StressResult extends Tally {
  readonly clients: readonly ClientResult[];
}

function module(name: string): string {
  return fileURLToPath(new URL(`./${name}`, import.meta.url));
}

/**
 * Runs `messages` messages, in all, through a system whose tasks are killed; `rate` times as often
 * as KILL_EVERY_MS says.
 */
export async function stress(messages: number, seed: number, rate: number): Promise<StressResult> {
  const system: System = await boot({
    modules: { server: module("server"), client: module("client"), victim: module("victim") },
    config: { reattach: { tasks: stressTasks(messages, seed) } },
  });
  const results = new Results();
  const { clients } = results;
  const accidents: string[] = [];
  let kills = 0;
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  system.on("bell", () => {
    results.poll();
    if (clients.length === CLIENTS) finish();
  });
  system.on("death", ({ name, cause, text }) => {
    if (cause === "killed") kills++;
    else accidents.push(`${name}: ${cause}: ${text}`);
    if (name.startsWith("client")) finish();
  });
  await system.start();
  const plan = MORTAL.map((name, i) => `kill:${name}:${Math.round(KILL_EVERY_MS[i]! / rate)}ms`);
  const faults = injectFaults(system, plan, seed);
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
  const { channels, connections, names, pulses } = system.usage();
  const leaks = channels.used + connections.used + names.used + pulses.used;
  return { clients, kills, ...tally, leaks, accidents };
}
