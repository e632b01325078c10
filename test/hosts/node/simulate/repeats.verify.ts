/**
 * The same seed is the same run: seeds, twice each, of an application with a simulated board.
 */
import { join } from "node:path";
import test from "tape";
import { figure } from "../../../proof/verify/figure.js";
import { prepare } from "./prepared.js";
import { runKilled } from "./repeats.js";

const STARTER = join(import.meta.dirname, "../../../../examples/starter");
const ALL = 200;
const seeds = Number(process.env["REPEATS_SEEDS"] ?? ALL);

test(`simulate: ${seeds} seeds, twice each`, async (t) => {
  if (seeds < ALL) t.comment(`sampled seeds of a simulation that repeat: ${seeds} of ${ALL}`);
  const app = await prepare(STARTER);
  let deaths = 0;
  let differing = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const first = await runKilled(app, seed, 10_000);
    const second = await runKilled(app, seed, 10_000);
    deaths += first.deaths;
    if (first.hash === second.hash) continue;
    differing++;
    t.fail(`seed ${seed}: ${first.hash}, then ${second.hash}`);
  }
  t.equal(differing, 0, "none differs");
  t.ok(deaths > seeds, `${deaths} deaths`);
  figure(t, "seeds that repeat", seeds - differing);
  await app.stop();
});
