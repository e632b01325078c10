/**
 * `npm run bench`: a round trip of 64 bytes with Reattach and with what else there is on Node.js to
 * have a thread answer. Each pair takes turns with ours, so that what else the machine does hits
 * both, in a process that is pinned to one core: see round-trip.ts.
 *
 * None of the others survives the death of its server, and only synckit blocks its caller.
 */
import { fileURLToPath } from "node:url";
import { here, isInside, pinned, show, type Spread, spreadOf, startClient } from "./measure.js";
import { type Pair, PEERS } from "./peers/pairs.js";

const BATCHES = 15;
const ROUNDS = 1_000;
const WARM_UP = 3;

async function microseconds(pair: Pair, rounds: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < rounds; i++) await pair.once();
  return (performance.now() - start) * 1000;
}

async function measure(): Promise<void> {
  const ours = await startClient(here("client"));
  const ratios: Record<string, Spread> = {};
  for (const [name, start] of PEERS) {
    const pair = await start();
    const ratio: number[] = [];
    for (let batch = 0; batch < WARM_UP + BATCHES; batch++) {
      const theirs = await microseconds(pair, ROUNDS);
      const mine = await ours.order(ROUNDS, 0);
      if (batch >= WARM_UP) ratio.push(mine / theirs);
    }
    await pair.stop();
    ratios[name] = spreadOf(ratio);
  }
  await ours.stop();
  console.log(JSON.stringify(ratios));
}

if (isInside()) {
  await measure();
  // synckit's thread.
  process.exit(0);
} else {
  const ratios = pinned<Record<string, Spread>>(fileURLToPath(import.meta.url));
  if (ratios !== null) {
    console.log(`a round trip of 64 bytes, pinned to one core, ${BATCHES} batches of ${ROUNDS}:`);
    for (const [name, ratio] of Object.entries(ratios)) {
      console.log(`  Reattach / ${name.padEnd(12)} ${show(ratio)}`);
    }
  }
}
