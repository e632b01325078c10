/**
 * All scenarios, in all modes, as far as modes.ts says.
 */
import test from "tape";
import { figure } from "../verify/figure.js";
import { emitExplored, loadExplored } from "./build.js";
import type { Job, Result } from "./job.js";
import { boundsFor, MODES } from "./modes.js";
import { searchAll } from "./pool.js";
import { judge } from "./report.js";

test("explore: all schedules of all scenarios", async (t) => {
  const outDir = emitExplored("explore-verify");
  const jobs: Job[] = [];
  for (const mode of MODES) {
    for (const scenario of await loadExplored(outDir)) {
      const bounds = boundsFor(scenario, mode, false);
      if (bounds !== null) jobs.push({ scenario: scenario.name, mode: mode.name, bounds });
    }
  }
  const results: Result[] = [];
  await searchAll(outDir, jobs, (result) => {
    results.push(result);
    t.comment(`${result.scenario}`);
    judge(t, result, result.findings);
  });
  t.equal(results.length, jobs.length, "every search came to its end");
  const sum = (count: (result: Result) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  figure(
    t,
    "schedules",
    sum(({ findings }) => findings.schedules),
  );
  figure(
    t,
    "schedules with a kill",
    sum(({ findings }) => findings.killed),
  );
  figure(
    t,
    "states",
    sum(({ findings }) => findings.states),
  );
});
