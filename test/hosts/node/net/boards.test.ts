/**
 * Two boards and a broker, as users have them: a service of one is called from the other, through
 * deaths of the server, restarts of its board and of the broker.
 */
import { setTimeout as delay } from "node:timers/promises";
import test, { type Test } from "tape";
import { boot, type System } from "reattach/node";
import { PATIENT } from "../../../patient-board.js";
import { Patience } from "../../../patience.js";
import { folderOf } from "../temp-folder.js";
import { type Broker, startBroker } from "../../../../hosts/node/net/broker.js";

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
import { delay } from "reattach";
import { open } from "reattach/service";
import { Counter } from "./services";
export function main() {
  const { add } = open(Counter, { board: "attic", timeout_ms: Infinity });
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
async function bootBoth(
  t: Test,
  broker: Broker,
): Promise<{ attic: System; cellar: System; sums: number[]; problems: string[] }> {
  const baseDir = folderOf(t, {
    "services.ts": SERVICES,
    "server.ts": SERVER,
    "client.ts": CLIENT,
  });
  const attic = await boot(server(broker.url) as never, { baseDir });
  const cellar = await boot(client(broker.url) as never, { baseDir });
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
async function untilMore(sums: readonly number[], count: number): Promise<void> {
  const wanted = sums.length + count;
  const patience = new Patience(PATIENCE_MS);
  while (sums.length < wanted) {
    if (patience.isOver) throw new Error(`${sums.length} answers, and no more`);
    await delay(LOOK_MS);
  }
}

/** Each answer is one more than the last: nothing was done twice, and nothing was lost. */
function areInOrder(sums: readonly number[]): boolean {
  return sums.every((sum, i) => i === 0 || sum === sums[i - 1]! + 1);
}

test("boards: a service of another board, whose server is killed again and again", async (t) => {
  const broker = await startBroker(0);
  const { attic, cellar, sums, problems } = await bootBoth(t, broker);
  // The client comes first: it waits.
  await cellar.start();
  await attic.start();
  await untilMore(sums, 50);
  for (let kill = 0; kill < 20; kill++) {
    await attic.kill("counter");
    await untilMore(sums, 5);
  }
  t.ok(areInOrder(sums), `${sums.length} answers: each is one more than the last`);
  t.deepEqual(problems, [], "no call has failed");
  await cellar.stop();
  await attic.stop();
  await broker.stop();
});

test("boards: the broker is switched off and on, and each board restarts", async (t) => {
  let broker = await startBroker(0);
  const { attic, cellar, sums, problems } = await bootBoth(t, broker);
  await attic.start();
  await cellar.start();
  await untilMore(sums, 20);
  const port = Number(new URL(broker.url).port);
  for (let restart = 0; restart < 3; restart++) {
    await broker.stop();
    broker = await startBroker(port);
    await untilMore(sums, 20);
  }
  t.ok(areInOrder(sums), `${sums.length} answers: each is one more than the last`);
  t.deepEqual(
    problems.filter((text) => !text.startsWith("main: net:")),
    [],
    "no call has failed",
  );
  await attic.reboot("on purpose");
  await untilMore(sums, 20);
  await cellar.reboot("on purpose");
  await untilMore(sums, 20);
  t.ok(sums.at(-1)! < sums.length, "a board that has restarted counts from 0");
  await cellar.stop();
  await attic.stop();
  await broker.stop();
});
