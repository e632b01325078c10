/**
 * The same seed is the same run: a sample of what repeats.verify.ts does.
 */
import { join } from "node:path";
import test from "tape";
import { prepare } from "./prepared.js";
import { runKilled } from "./repeats.js";

const STARTER = join(import.meta.dirname, "../../../../examples/starter");
const SEEDS = 8;

test("simulate: the same seed is the same run, and another one is not", async (t) => {
  const app = await prepare(STARTER);
  const hashes = new Set<string>();
  for (let seed = 1; seed <= SEEDS; seed++) {
    const first = await runKilled(app, seed, 3_000);
    const second = await runKilled(app, seed, 3_000);
    t.deepEqual(second, first, `seed ${seed}`);
    t.ok(first.deaths > 0, `${first.deaths} deaths`);
    hashes.add(first.hash);
  }
  t.equal(hashes.size, SEEDS, "each seed has a hash of its own");
  await app.stop();
});
