/**
 * A soak: the tasks of the stress and one that wedges itself, under full load and faults of all
 * kinds, for as long as wanted, with readings on the way.
 */
import { fileURLToPath } from "node:url";
import { name_attach, name_detach } from "reattach";
import { boot, injectFaults, type System } from "reattach/node";
import { CLIENTS, END, ON_PURPOSE } from "../stress/protocol.js";
import { Results } from "../stress/results.js";
import { stressConfig } from "../stress/tasks.js";
import { judgeSoak, type Report } from "./report.js";
import { type Sample, takeSample } from "./sample.js";

/** How often each is killed, or made to hang. "echo" has time for a standby, mostly. */
const FAULTS: readonly string[] = [
  "kill:echo:997ms",
  "kill:sum:701ms",
  "kill:relay:1301ms",
  "kill:victim:503ms",
  "hang:echo:31s",
  "hang:sum:37s",
  "hang:relay:29s",
  "hang:victim:23s",
];
/** Of the copies of the one that adds up: one crash in some seconds. */
const CRASHES = 0.00002;
/** Long enough for a task that competes with a dozen others for two processors. */
const HEARTBEAT = { heartbeat_ms: 500, heartbeatHigh: 4 };
const WEDGE = { module: "wedge", restart: { backoff_ms: 0, minRun_ms: 0 }, standby: true };
/** Clients come to their end within this: a server may just have been made to hang. */
const END_MS = 30_000;
/** Whoever hangs at the end is found within this: twice what the heartbeat takes. */
const FOUND_MS = 2 * HEARTBEAT.heartbeat_ms * HEARTBEAT.heartbeatHigh;

/** A soak that runs. */
export interface Soak {
  /** Ends it early. */
  end(): void;
  readonly report: Promise<Report>;
}

function module(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** The stress's tasks with heartbeats, and the one that wedges itself. */
function configFor(seed: number): object {
  const { limits, tasks } = stressConfig(0, seed, { spared: ["echo"], crashes: CRASHES });
  const watched = Object.entries(tasks).map(([name, task]) => {
    return [name, name.startsWith("client") ? task : { ...task, ...HEARTBEAT }];
  });
  const wedge = { ...WEDGE, ...HEARTBEAT, args: { seed } };
  return {
    limits: { ...limits, tasks: watched.length + 1 },
    tasks: { ...Object.fromEntries(watched), wedge },
  };
}

/** Starts a soak. `tell` is given each reading. */
export async function startSoak(
  seconds: number,
  every_s: number,
  seed: number,
  tell: (sample: Sample) => void,
): Promise<Soak> {
  const stress = (name: string): string => module(`../stress/${name}`);
  const modules = {
    server: stress("server"),
    client: stress("client"),
    victim: stress("victim"),
    wedge: module("./wedge"),
  };
  const system = await boot({ modules, config: { reattach: configFor(seed) } }, { seed });
  const results = new Results();
  const counted = { kills: 0, hangs: 0 };
  const accidents: string[] = [];
  system.on("death", ({ name, cause, text }) => {
    if (cause === "killed" || text.includes(ON_PURPOSE)) counted.kills++;
    else if (cause === "hung") counted.hangs++;
    else accidents.push(`${name}: ${cause}: ${text}`);
  });
  system.on("bell", () => results.poll());
  await system.start();
  const faults = injectFaults(system, FAULTS, seed);
  const start_ms = performance.now();
  const samples: Sample[] = [];
  const read = (): void => {
    const sample = takeSample(system, (performance.now() - start_ms) / 1_000, counted);
    samples.push(sample);
    tell(sample);
  };
  const timer = setInterval(read, every_s * 1_000);
  let end = (): void => {};
  const isOver = new Promise<void>((resolve) => (end = resolve));
  const last = setTimeout(end, seconds * 1_000);
  const finish = async (): Promise<Report> => {
    await isOver;
    clearTimeout(last);
    clearInterval(timer);
    read();
    faults.stop();
    const leaks = await settle(system, results);
    return judgeSoak(samples, results.clients, CLIENTS, leaks, accidents);
  };
  return { end, report: finish() };
}

/** Has the clients come to their end, and stops everything. How many entries are left. */
async function settle(system: System, results: Results): Promise<number> {
  system.use();
  const end = name_attach(null, END, 0);
  const start_ms = performance.now();
  const isSettled = (): boolean => {
    const past_ms = performance.now() - start_ms;
    // Nobody begins to hang any more; a task that did would not obey the order to stop.
    if (past_ms < FOUND_MS) return false;
    return results.clients.length === CLIENTS || past_ms >= END_MS;
  };
  while (!isSettled()) {
    await new Promise((resolve) => setImmediate(resolve));
    system.use();
    results.poll();
  }
  await system.stop();
  results.close();
  name_detach(end, 0);
  const { channels, connections, names, pulses, sharedBuffers } = system.usage();
  return channels.used + connections.used + names.used + pulses.used + sharedBuffers.used;
}
