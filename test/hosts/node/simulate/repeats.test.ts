/**
 * The same seed is the same run: a sample of what repeats.verify.ts does.
 */
import { join } from "node:path";
import test from "tape";
import { folderOf } from "../temp-folder.js";
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

/** Looks at the clock a thousand times a second: soon V8 has optimized what a point is. */
const TICKING = "export function main() { setInterval(() => undefined, 1); }";

test("simulate: nothing of a killed task goes on in code that V8 has optimized", async (t) => {
  const restart = { minRun_ms: 0, backoff_ms: 0, intensity: 0, escalate: [] };
  const task = { module: "ticking", restart };
  const tasks = { one: task, other: task };
  const app = await prepare(
    folderOf(t, {
      "manifest.json": { modules: { "*": ["./ticking"] }, config: { reattach: { tasks } } },
      "ticking.ts": TICKING,
    }),
  );
  const first = await runKilled(app, 3, 10_000);
  for (let run = 1; run < 4; run++) t.deepEqual(await runKilled(app, 3, 10_000), first);
  t.ok(first.deaths > 30, `${first.deaths} deaths`);
  await app.stop();
});
