/**
 * Searches as assertions: what is searched, and how one that failed is told.
 */
import type test from "tape";
import type { Job, Result } from "./job.js";
import { boundsFor, MODES } from "./modes.js";
import { searchAll } from "./pool.js";
import type { Scenario } from "./scenario.js";

/** The searches of some scenarios, mode by mode; short, or as far as npm run verify goes. */
export function jobsFor(scenarios: readonly Scenario[], isShort: boolean): Job[] {
  const jobs: Job[] = [];
  for (const mode of MODES) {
    for (const scenario of scenarios) {
      const bounds = boundsFor(scenario, mode, isShort);
      if (bounds !== null) jobs.push({ scenario: scenario.name, mode: mode.name, bounds });
    }
  }
  return jobs;
}

/** Does all searches and asserts that they found nothing wrong. */
export async function judgeAll(
  t: test.Test,
  outDir: string,
  jobs: readonly Job[],
): Promise<readonly Result[]> {
  const results: Result[] = [];
  await searchAll(outDir, jobs, (result) => {
    results.push(result);
    judge(t, result);
  });
  t.equal(results.length, jobs.length, "every search came to its end");
  return results;
}

/** One that failed is told with the command that shows it again. */
function judge(t: test.Test, { scenario, mode, findings }: Result): void {
  const { schedules, states, failure } = findings;
  t.comment(scenario);
  t.equal(failure, null, `${mode}: ${schedules} schedules, ${states} states`);
  if (failure === null) return;
  t.comment(failure.reason);
  t.comment(`npm run explore -- ${scenario} --mode ${mode} --replay "${failure.schedule}"`);
}
