/**
 * Hostile tasks on real threads: which tasks there are, as their hosts see it.
 */
import type { SystemUsage } from "../../../../src/kernel/inspect/usage.js";

const ATTACKERS = 4;
export const CLIENTS = 2;
/** Calls of an attacker's incarnation. Then it throws, and the manager starts the next. */
export const CALLS_OF_A_LIFE = 20_000;
/** On XS, which is slower. */
export const CALLS_OF_A_LIFE_ON_XS = 2_000;
/** Mean times between two kills of each attacker: primes, so that they meet at all distances. */
export const KILL_EVERY_MS: readonly number[] = [701, 4001, 5003, 6007];
/** Words of a client's report: who, answers so far, wrong ones, failed sends. */
export const REPORT_WORDS = 4;
/** The name under which main takes reports. */
export const REPORTS = "reports";
/** The name of the honest server. */
export const SERVICE = "honest";
/** What the main VM answers to a report. */
export const GO_ON = 0;
export const STOP = 1;

/** More than the honest need: what is full stays full for others too, as the docs say. */
export const LIMITS = {
  tasks: ATTACKERS + CLIENTS + 1,
  channels: 12,
  connections: 40,
  stableBytes: 64,
  sharedBuffers: 4,
  sharedBytes: 256,
};

/** What came out. */
export interface HostileResult {
  /** Of all attackers that lived to their end. */
  readonly calls: number;
  /** Deaths of attackers. */
  readonly deaths: number;
  readonly answers: number;
  readonly wrong: number;
  readonly failed: number;
  /** Deaths of the honest. */
  readonly accidents: readonly string[];
  /** Table entries in use after all tasks were gone, by table. */
  readonly leaks: Readonly<Record<string, number>>;
  /** The manager has answered a request at the end. */
  readonly isManagerAlive: boolean;
}

/** How many entries of each table are in use; tables of which none is are left out. */
export function leaksIn(usage: SystemUsage): Record<string, number> {
  const entries = Object.entries(usage as unknown as Record<string, { used: number }>);
  return Object.fromEntries(
    entries.flatMap(([table, { used }]) => (used > 0 ? [[table, used]] : [])),
  );
}

/** `config.reattach.tasks`. The honest come first: what there is, attackers take. */
export function hostileTasks(seed: number, isDevice: boolean): Record<string, object> {
  const tasks: Record<string, object> = { server: { module: "server", priority: 12 } };
  const clients: string[] = [];
  for (let sender = 0; sender < CLIENTS; sender++) {
    const name = `client${sender + 1}`;
    clients.push(name);
    tasks[name] = { module: "client", args: { sender }, dependsOn: ["server"] };
  }
  for (let i = 0; i < ATTACKERS; i++) {
    tasks[`attacker${i + 1}`] = {
      module: "attacker",
      args: {
        seed: seed + i * 1_000_003,
        mayScribble: i % 2 === 0,
        isDevice,
        calls: isDevice ? CALLS_OF_A_LIFE_ON_XS : CALLS_OF_A_LIFE,
      },
      dependsOn: clients,
      // Half of them may do everything.
      abilities: i < ATTACKERS / 2 ? ["manage"] : ["observe", "restart:attacker1"],
      restart: { backoff_ms: 0, minRun_ms: 0 },
    };
  }
  return tasks;
}
