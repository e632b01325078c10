/**
 * `npm run bench`, third part: from the crash of a server to the first good answer that its client
 * gets, as a ratio to the start of a bare worker thread, with and without a standby. One of each in
 * turn, in changing order.
 *
 * The client has the server throw, and then sends on; the manager restarts it, the recovery
 * function connects again, the same call is transmitted again. The time is the client's.
 */
import { Worker } from "node:worker_threads";
import { here, show, spreadOf, startClient } from "./measure.js";
import { PLAIN_SERVER, STANDBY_SERVER } from "./restart-client.js";

const ROUNDS = 40;
/** Before the first that counts: compilers and caches. */
const WARM_UP = 5;
/** For the standby to be there again, and the machine to be quiet. */
const PAUSE_MS = 150;

/** Milliseconds until a worker thread of one module tells that it runs. */
async function startBare(): Promise<number> {
  const start = performance.now();
  const worker = new Worker(here("bare-worker.mjs"), { execArgv: [] });
  await new Promise((resolve) => worker.once("message", resolve));
  const ms = performance.now() - start;
  await worker.terminate();
  return ms;
}

const crashing = { module: "crashing", restart: { backoff_ms: 0, minRun_ms: 0 } };
const client = await startClient(here("restart-client"), {
  plain: { ...crashing, args: { name: "plain" } },
  spared: { ...crashing, args: { name: "spared" }, standby: true },
});

const sides: readonly (() => Promise<number>)[] = [
  startBare,
  async () => (await client.order(1, PLAIN_SERVER)) / 1_000,
  async () => (await client.order(1, STANDBY_SERVER)) / 1_000,
];
const ratios: number[][] = [[], [], []];
for (let round = 0; round < WARM_UP + ROUNDS; round++) {
  const ms = [0, 0, 0];
  for (let i = 0; i < sides.length; i++) {
    const side = (round + i) % sides.length;
    ms[side] = await sides[side]!();
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  if (round < WARM_UP) continue;
  for (const side of [1, 2]) ratios[side]!.push(ms[side]! / ms[0]!);
}
await client.stop();
console.log(`${ROUNDS} crashes each, taking turns with starts of a bare worker thread:
  crash to first answer / start of a bare worker   ${show(spreadOf(ratios[1]!))}
  the same with a standby                          ${show(spreadOf(ratios[2]!))}
`);
