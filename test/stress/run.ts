/**
 * Runs the stress: 8 tasks, a given number of messages, kills at random points.
 */
import { fileURLToPath } from "node:url";
import { boot, injectFaults, type System } from "reattach/node";
import type { ClientResult } from "./client.js";
import { SERVICES } from "./protocol.js";

const CLIENTS = 4;
/**
 * Mean times between two kills; primes, so that they meet at all distances. A thread that competes
 * with eight others for two processors takes a tenth of a second to start: leave it some time to
 * live.
 */
const KILL_EVERY_MS: readonly number[] = [997, 1151, 1301, 761];

/** What came out. */
export interface StressResult {
  readonly clients: readonly ClientResult[];
  readonly kills: number;
  readonly recoveries: number;
  readonly saves: number;
  /** Table entries still in use after all tasks were gone. */
  readonly leaks: number;
  /** Deaths that nobody ordered. */
  readonly accidents: readonly string[];
}

function module(name: string): string {
  return fileURLToPath(new URL(`./${name}`, import.meta.url));
}

function manifest(messages: number, seed: number): Record<string, unknown> {
  const services = SERVICES.map((service) => [service, { module: "server", args: { service } }]);
  const share = Math.ceil(messages / CLIENTS);
  const clients = Array.from({ length: CLIENTS }, (_, sender) => [
    `client${sender + 1}`,
    { module: "client", args: { sender, messages: share, seed: seed + sender } },
  ]);
  const victim = ["victim", { module: "victim", args: { seed }, priority: 20 }];
  return {
    modules: { server: module("server"), client: module("client"), victim: module("victim") },
    config: { reattach: { tasks: Object.fromEntries([...services, ...clients, victim]) } },
  };
}

/**
 * Runs `messages` messages, in all, through a system whose tasks are killed; `rate` times as often
 * as KILL_EVERY_MS says.
 */
export async function stress(messages: number, seed: number, rate: number): Promise<StressResult> {
  const system: System = await boot(manifest(messages, seed));
  const clients: ClientResult[] = [];
  const accidents: string[] = [];
  let kills = 0;
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  system.on("log", (name, _level, text) => {
    if (name.startsWith("client")) clients.push(JSON.parse(text) as ClientResult);
    if (clients.length === CLIENTS) finish();
  });
  system.on("death", ({ name, cause, text }) => {
    if (cause === "killed") kills++;
    else accidents.push(`${name}: ${cause}: ${text}`);
    if (name.startsWith("client")) finish();
  });
  await system.start();
  const mortal = [...SERVICES, "victim"];
  const plan = mortal.map((name, i) => `kill:${name}:${Math.round(KILL_EVERY_MS[i]! / rate)}ms`);
  const faults = injectFaults(system, plan, seed);
  await finished;
  faults.stop();
  const view = system.view();
  const sum = (counter: "recoveries" | "saves"): number =>
    view.reduce((total, { counters }) => total + counters[counter], 0);
  const [recoveries, saves] = [sum("recoveries"), sum("saves")];
  await system.stop();
  const { channels, connections, names, pulses } = system.usage();
  const leaks = channels.used + connections.used + names.used + pulses.used;
  return { clients, kills, recoveries, saves, leaks, accidents };
}
