/**
 * How a search that failed is told: with the command that shows it again.
 */
import type test from "tape";
import type { Job } from "./job.js";
import type { Findings } from "./search.js";

/** Asserts that a search found nothing wrong. */
export function judge(
  t: test.Test,
  { scenario, mode }: Omit<Job, "bounds">,
  found: Findings,
): void {
  const { schedules, states, failure } = found;
  t.equal(failure, null, `${mode}: ${schedules} schedules, ${states} states`);
  if (failure === null) return;
  t.comment(failure.reason);
  t.comment(`npm run explore -- ${scenario} --mode ${mode} --replay "${failure.schedule}"`);
}
