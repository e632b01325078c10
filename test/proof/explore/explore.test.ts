/**
 * The scenarios, searched as far as seconds allow: npm run verify goes on to three preemptions.
 * EXPLORE=name,name picks some, and searches them as far.
 */
import test from "tape";
import { emitExplored, loadExplored } from "./build.js";
import { jobsFor, judgeAll } from "./report.js";

const picked = process.env["EXPLORE"]?.split(",");

test("explore: schedules of all scenarios, those that are soon through", async (t) => {
  const outDir = emitExplored("explore-test");
  const all = await loadExplored(outDir);
  const scenarios = all.filter(({ name }) => picked?.includes(name) ?? true);
  t.ok(scenarios.length > 0, `${scenarios.length} scenarios`);
  await judgeAll(t, outDir, jobsFor(scenarios, picked === undefined));
});
