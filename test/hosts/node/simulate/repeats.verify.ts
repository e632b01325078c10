/**
 * The same seed is the same run: 200 seeds, twice each, of an application with a simulated board.
 */
import { join } from "node:path";
import test from "tape";
import { figure } from "../../../proof/verify/figure.js";
import { prepare } from "./prepared.js";
import { runKilled } from "./repeats.js";

const STARTER = join(import.meta.dirname, "../../../../examples/starter");
const SEEDS = 200;

test("simulate: 200 seeds, twice each", async (t) => {
  const app = await prepare(STARTER);
  let deaths = 0;
  let differing = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const first = await runKilled(app, seed, 10_000);
    const second = await runKilled(app, seed, 10_000);
    deaths += first.deaths;
    if (first.hash === second.hash) continue;
    differing++;
    t.fail(`seed ${seed}: ${first.hash}, then ${second.hash}`);
  }
  t.equal(differing, 0, "none differs");
  t.ok(deaths > SEEDS, `${deaths} deaths`);
  figure(t, "seeds that repeat", SEEDS - differing);
  await app.stop();
});
