/**
 * One scenario in two, searched as far as seconds allow: npm run verify has all, and goes on to
 * three preemptions. EXPLORE_FROM=0 or 1 is where it begins, EXPLORE_ONE_IN=1 takes all;
 * EXPLORE=name,name picks some, and searches them as far as npm run verify.
 */
import test from "tape";
import { emitExplored, loadExplored } from "./build.js";
import { jobsFor, judgeAll } from "./report.js";

const picked = process.env["EXPLORE"]?.split(",");
const oneIn = Number(process.env["EXPLORE_ONE_IN"] ?? 2);
const from = Number(process.env["EXPLORE_FROM"] ?? Date.now()) % oneIn;

test("explore: schedules of scenarios that are soon through", async (t) => {
  const outDir = emitExplored("explore-test");
  const all = await loadExplored(outDir);
  const scenarios = all.filter(({ name }, i) => picked?.includes(name) ?? i % oneIn === from);
  const isSample = picked === undefined && oneIn > 1;
  if (isSample) t.comment(`sampled explore: one scenario in ${oneIn}, EXPLORE_FROM=${from}`);
  t.ok(scenarios.length > 0, `${scenarios.length} scenarios`);
  await judgeAll(t, outDir, jobsFor(scenarios, picked === undefined));
});
