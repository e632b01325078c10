/**
 * All scenarios, in all modes, as far as modes.ts says.
 */
import test from "tape";
import { figure } from "../verify/figure.js";
import { emitExplored, loadExplored } from "./build.js";
import { jobsFor, judgeAll } from "./report.js";
import type { Findings } from "./search.js";

test("explore: all schedules of all scenarios", async (t) => {
  const outDir = emitExplored("explore-verify");
  const results = await judgeAll(t, outDir, jobsFor(await loadExplored(outDir), false));
  const sum = (count: (findings: Findings) => number): number =>
    results.reduce((total, { findings }) => total + count(findings), 0);
  const schedules = sum((findings) => findings.schedules);
  const killed = sum((findings) => findings.killed);
  const states = sum((findings) => findings.states);
  figure(t, "schedules", schedules);
  figure(t, "schedules with a kill", killed);
  figure(t, "states", states);
});
