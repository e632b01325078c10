/**
 * The stress as its hosts see it: which tasks there are, and how often they are killed.
 */
import { ledgerBytes } from "reattach";
import { PATIENT } from "../../patient-board.js";
import { CLIENTS, LEDGER, SERVICES } from "./protocol.js";

/** The tasks that are killed. */
export const MORTAL: readonly string[] = [...SERVICES, "victim"];

/** Of those the ones with a standby, where as many are killed as can be. */
export const SPARED: readonly string[] = ["echo"];

/** The service that also crashes by itself, where it is to. */
export const CRASHING = "sum";

/** What there is beside kills. */
interface Hardships {
  /** Services with a standby. */
  readonly spared?: readonly string[];
  /** The share of copies of bytes in which CRASHING crashes. */
  readonly crashes?: number;
}

/** Where as many are killed as can be: few messages get through, and many meet a crash. */
export const KILLING: Hardships = Object.freeze({ spared: SPARED, crashes: 0.02 });

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

/**
 * `config.reattach`: 8 tasks, `messages` among them, or with 0 as many as they can.
 */
export function stressConfig(
  messages: number,
  seed: number,
  { spared = [], crashes = 0 }: Hardships = {},
): { limits: object; tasks: Record<string, object>; board: object } {
  const share = Math.ceil(messages / CLIENTS);
  const tasks: Record<string, object> = {};
  // They are killed all the time: without a pause they are soon killed again.
  const restart = { backoff_ms: 0, minRun_ms: 0 };
  for (const service of SERVICES) {
    const standby = spared.includes(service);
    const args = { service, crashes: service === CRASHING ? crashes : 0, seed };
    tasks[service] = { module: "server", args, restart, standby };
  }
  for (let sender = 0; sender < CLIENTS; sender++) {
    const args = { sender, messages: share, seed: seed + sender };
    tasks[`client${sender + 1}`] = { module: "client", args };
  }
  tasks["victim"] = { module: "victim", args: { seed }, priority: 20, restart };
  return { limits: { stableBytes: ledgerBytes(LEDGER) }, tasks, board: PATIENT };
}
