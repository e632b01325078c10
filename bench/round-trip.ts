/**
 * `npm run bench`: what a round trip of 64 bytes costs, as a ratio to a bare Atomics.wait/notify
 * ping-pong of two threads in the same process.
 *
 * Batches of the two take turns, so that what else the machine does hits both. Where two threads
 * wake each other across cores the time of a wake-up has two regimes, and which pair gets which is
 * chance: so the figure to quote is that of a process pinned to one core. Unpinned, where two cores
 * are free, tasks spin before they sleep, and the ratio shows what that saves.
 */
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { here, isInside, pinned, show, type Spread, spreadOf, startClient } from "./measure.js";

const BATCHES = 40;
const ROUNDS = 2_000;
/** Batches before the first that counts: compilers and caches. */
const WARM_UP = 5;

/** Starts the bare pair; resolves to a function that runs rounds and tells the microseconds. */
function startBare(): { run(rounds: number): Promise<number>; stop(): Promise<unknown> } {
  const shared = new SharedArrayBuffer(8);
  const [server, client] = [true, false].map(
    (isServer) => new Worker(here("bare.mjs"), { workerData: { shared, isServer }, execArgv: [] }),
  );
  return {
    run: (rounds) =>
      new Promise((resolve) => {
        client!.once("message", (ms: number) => resolve(ms * 1000));
        client!.postMessage(rounds);
      }),
    stop: () => Promise.all([server!.terminate(), client!.terminate()]),
  };
}

/** Starts the system; as startBare. */
async function startSystem(): Promise<ReturnType<typeof startBare>> {
  const { order, stop } = await startClient(here("client"));
  return { run: (rounds) => order(rounds, 0), stop };
}

async function measure(): Promise<void> {
  const bare = startBare();
  const system = await startSystem();
  const bareUs: number[] = [];
  const systemUs: number[] = [];
  for (let batch = 0; batch < WARM_UP + BATCHES; batch++) {
    const b = (await bare.run(ROUNDS)) / ROUNDS;
    const s = (await system.run(ROUNDS)) / ROUNDS;
    if (batch < WARM_UP) continue;
    bareUs.push(b);
    systemUs.push(s);
  }
  await Promise.all([bare.stop(), system.stop()]);
  const ratio = spreadOf(systemUs.map((us, i) => us / bareUs[i]!));
  console.log(
    JSON.stringify({ ratio, bare_us: spreadOf(bareUs), reattach_us: spreadOf(systemUs) }),
  );
}

function tell(what: string, command?: readonly string[]): void {
  const spreads = pinned<Record<string, Spread>>(fileURLToPath(import.meta.url), command);
  if (spreads === null) return;
  const { ratio, bare_us, reattach_us } = spreads;
  console.log(`${what}, ${BATCHES} batches of ${ROUNDS} round trips, taking turns:
  64 bytes / bare ping-pong   ${show(ratio!)}
  bare ping-pong              ${show(bare_us!)} µs
  64 bytes there and back     ${show(reattach_us!)} µs
`);
}

if (isInside()) {
  await measure();
} else {
  tell("pinned to one core");
  tell("not pinned", []);
}
