/**
 * All scenarios, in all modes, as far as modes.ts says. EXPLORE_ONE_IN=n takes one in n, another
 * one with each VERIFY_SEED.
 */
import test from "tape";
import { figure } from "../verify/figure.js";
import { emitExplored, loadExplored } from "./build.js";
import { jobsFor, judgeAll } from "./report.js";
import type { Findings } from "./search.js";

const oneIn = Number(process.env["EXPLORE_ONE_IN"] ?? 1);
const from = Number(process.env["VERIFY_SEED"] ?? 0) % oneIn;

test("explore: all schedules of all scenarios", async (t) => {
  const outDir = emitExplored("explore-verify");
  const all = await loadExplored(outDir);
  const scenarios = all.filter((_, i) => i % oneIn === from);
  const results = await judgeAll(t, outDir, jobsFor(scenarios, false));
  const sum = (count: (findings: Findings) => number): number =>
    results.reduce((total, { findings }) => total + count(findings), 0);
  const schedules = sum((findings) => findings.schedules);
  const killed = sum((findings) => findings.killed);
  const states = sum((findings) => findings.states);
  figure(t, "schedules", schedules);
  figure(t, "schedules with a kill", killed);
  figure(t, "states", states);
});
