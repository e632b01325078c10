/**
 * The eight tasks of the simulated system, as a manifest declares them: different policies, ladders
 * and dependencies, one with a standby, all with heartbeats.
 */
import { readReattach, type ReattachConfig } from "../../../src/manifest/reattach.js";
import { STABLE_BYTES } from "./programs.js";

const HEART = { heartbeat_ms: 30_000, heartbeatLow: 1, heartbeatHigh: 2 };
const CLIENT = { ...HEART, dependsOn: ["relay", "bank"] };

const MANIFEST = {
  limits: {
    tasks: 8,
    channels: 8,
    connections: 48,
    names: 8,
    pulses: 4,
    stableBytes: STABLE_BYTES,
  },
  board: { rebootsMax: 2, settled_ms: 60_000 },
  tasks: {
    // Driven the hardest: back at once, for ever.
    echo: { ...HEART, standby: true, restart: { backoff_ms: 0, minRun_ms: 20 } },
    sum: { ...HEART, restart: { intensity: 4, period_ms: 30_000, escalate: ["one_for_all"] } },
    relay: { ...HEART, dependsOn: ["sum"], restart: { escalate: ["rest_for_one", "hold"] } },
    bank: {
      ...HEART,
      standby: true,
      restart: { intensity: 6, backoff_ms: 20, escalate: ["rest_for_one", "board"] },
    },
    // Nobody asks it for anything: it may fall as deep as it can.
    spare: { ...HEART, restart: { intensity: 3, backoff_ms: 10, escalate: ["board"] } },
    client1: CLIENT,
    client2: { ...CLIENT, priority: 12, restart: { when: "always", jitter: 0 } },
    client3: { ...CLIENT, priority: 8, restart: { backoffMax_ms: 1_000 } },
  },
};

/** The system's configuration, read as a host reads it. */
export function configOfSystem(): ReattachConfig {
  const tasks = Object.fromEntries(
    Object.entries(MANIFEST.tasks).map(([name, task]) => [name, { module: name, ...task }]),
  );
  const problems: string[] = [];
  const config = readReattach({ ...MANIFEST, tasks }, null, problems);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return config;
}
