/**
 * The stress as its hosts see it: which tasks there are, and how often they are killed.
 */
import { SERVICES } from "./protocol.js";

export const CLIENTS = 4;

/** The tasks that are killed. */
export const MORTAL: readonly string[] = [...SERVICES, "victim"];

/**
 * Mean times between two kills; primes, so that they meet at all distances. A thread that competes
 * with eight others for two processors takes a tenth of a second to start: leave it some time to
 * live.
 */
export const KILL_EVERY_MS: readonly number[] = [997, 1151, 1301, 761];

/** What came out. */
export interface Tally {
  readonly kills: number;
  readonly recoveries: number;
  /** Sleeps that only the backstop ended, and notifies that were repeated. */
  readonly saves: number;
  readonly renotifies: number;
  /** Table entries still in use after all tasks were gone. */
  readonly leaks: number;
  /** Deaths that nobody ordered. */
  readonly accidents: readonly string[];
}

/** `config.reattach.tasks`: 8 tasks, `messages` among them. */
export function stressTasks(messages: number, seed: number): Record<string, object> {
  const share = Math.ceil(messages / CLIENTS);
  const tasks: Record<string, object> = {};
  // They are killed all the time: without a pause they are soon killed again.
  const restart = { backoff_ms: 0 };
  for (const service of SERVICES) tasks[service] = { module: "server", args: { service }, restart };
  for (let sender = 0; sender < CLIENTS; sender++) {
    const args = { sender, messages: share, seed: seed + sender };
    tasks[`client${sender + 1}`] = { module: "client", args };
  }
  tasks["victim"] = { module: "victim", args: { seed }, priority: 20, restart };
  return tasks;
}
