/**
 * One search in a process of its own: the pool (pool.ts) sends it jobs.
 */
import { loadExplored } from "./build.js";
import type { Bounds, Findings } from "./search.js";
import { Search } from "./search.js";

/** A search to be done. */
export interface Job {
  readonly scenario: string;
  readonly mode: string;
  readonly bounds: Bounds;
}

/** What came of it. */
export interface Result extends Job {
  readonly findings: Findings;
}

const [outDir = ""] = process.argv.slice(2);
const scenarios = await loadExplored(outDir);

process.on("message", (job: Job) => {
  const scenario = scenarios.find(({ name }) => name === job.scenario);
  if (scenario === undefined) throw new Error(`explore: no scenario ${job.scenario}`);
  const result: Result = { ...job, findings: new Search(scenario, job.bounds).all() };
  process.send!(result);
});
process.send!("ready");
