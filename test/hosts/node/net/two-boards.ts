/**
 * Two boards: one counts, the other one has it count, and knows whether each sum is one more than
 * the last.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Test } from "tape";
import { boot, type BootOptions, type System } from "reattach/node";
import { PATIENT } from "../../../patient-board.js";
import { Patience } from "../../../patience.js";
import { folderOf } from "../temp-folder.js";

type NetOptions = NonNullable<BootOptions["net"]>;

const SERVICES = `
import { call, defineService, u32 } from "reattach/service";
export const Counter = defineService("counter", {
  add: call({ count: u32 }, { sum: u32 }, { once: true }),
});`;

const SERVER = `
import { EOK, Ledger } from "reattach";
import { serve } from "reattach/service";
import { Counter } from "./services";
export function main() {
  const ledger = new Ledger({ stateBytes: 4, replyBytes: 4, clients: 4 });
  const sum = new Uint32Array(ledger.state.buffer, ledger.state.byteOffset, 1);
  serve(Counter, {
    add({ count }, reply) {
      sum[0] += count;
      reply.sum = sum[0];
      return EOK;
    },
  }, { ledger });
}`;

const CLIENT = `
import { delay, restartRecovery } from "reattach";
import { open } from "reattach/service";
import { Counter } from "./services";
export function main() {
  // However long a board takes to come back: it is for the test to lose patience.
  const recovery = restartRecovery("/net/attic/counter", { limit_ms: 86_400_000 });
  const { add } = open(Counter, { board: "attic", timeout_ms: Infinity, recovery });
  for (;;) {
    add.request.count = 1;
    const status = add.send();
    console.log(status, add.reply.sum);
    delay(1);
  }
}`;

const PATIENCE_MS = 30_000;
const LOOK_MS = 5;
const RESTART = { minRun_ms: 0, backoff_ms: 0, intensity: 0, escalate: [] };
const TIMES = { beat_ms: 500, silent_ms: 60_000, broker_ms: 60_000 };

function server(broker: string): object {
  return {
    modules: { "*": ["./server", "./services"] },
    config: {
      reattach: {
        tasks: {
          counter: { module: "server", services: ["counter"], stableBytes: 256, restart: RESTART },
        },
        net: { board: "attic", broker, exports: ["counter"], ...TIMES },
        board: PATIENT,
      },
    },
  };
}

function client(broker: string): object {
  return {
    modules: { "*": ["./client", "./services"] },
    config: {
      reattach: {
        tasks: { client: { module: "client" } },
        net: { board: "cellar", broker, imports: ["attic/counter"], ...TIMES },
        board: PATIENT,
      },
    },
  };
}

/** Both boards, and the sums that the client has been told. */
export interface TwoBoards {
  readonly attic: System;
  readonly cellar: System;
  readonly sums: readonly number[];
  /** What tasks have logged, and what "main" of the client's board has: all but sums. */
  readonly problems: readonly string[];
}

/** How both get to the broker. */
export interface Ways {
  readonly attic: NetOptions;
  readonly cellar: NetOptions;
}

/** Boots both; nothing runs yet. */
export async function bootBoth(t: Test, broker: string, ways?: Ways): Promise<TwoBoards> {
  const baseDir = folderOf(t, {
    "services.ts": SERVICES,
    "server.ts": SERVER,
    "client.ts": CLIENT,
  });
  const attic = await boot(server(broker) as never, { baseDir, net: ways?.attic ?? {} });
  const cellar = await boot(client(broker) as never, { baseDir, net: ways?.cellar ?? {} });
  t.teardown(async () => {
    await cellar.stop();
    await attic.stop();
  });
  const sums: number[] = [];
  const problems: string[] = [];
  attic.on("log", (task, _level, text) => {
    if (task !== "main") problems.push(`${task}: ${text}`);
  });
  cellar.on("log", (task, _level, text) => {
    const [, status, sum] = /^(-?\d+) (\d+)$/.exec(text) ?? [];
    if (task !== "client" || status !== "0") problems.push(`${task}: ${text}`);
    else sums.push(Number(sum));
  });
  return { attic, cellar, sums, problems };
}

/** Waits for so many more answers. */
export async function untilMore(sums: readonly number[], count: number): Promise<void> {
  const wanted = sums.length + count;
  const patience = new Patience(PATIENCE_MS);
  while (sums.length < wanted) {
    if (patience.isOver) throw new Error(`${sums.length} answers, and no more`);
    await delay(LOOK_MS);
  }
}

/** Each answer is one more than the last: nothing was done twice, and nothing was lost. */
export function areInOrder(sums: readonly number[]): boolean {
  return sums.every((sum, i) => i === 0 || sum === sums[i - 1]! + 1);
}
