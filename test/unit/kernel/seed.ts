/**
 * Seeds of random tests: printed with the test's title, and taken from KERNEL_SEED to replay one.
 */
import * as fc from "fast-check";

const seed = Number(process.env["KERNEL_SEED"] ?? Date.now() % 1_000_000_000);

/** A title that says how to replay the test. */
export function seeded(title: string): string {
  return `${title} (KERNEL_SEED=${seed})`;
}

/** Checks a property; throws with the smallest counterexample. */
export function check<Ts>(property: fc.IRawProperty<Ts>, numRuns = 200): void {
  fc.assert(property, { seed, numRuns });
}

/** The same for a property that takes its time. */
export async function checkAsync<Ts>(
  property: fc.IAsyncProperty<Ts>,
  numRuns = 200,
): Promise<void> {
  await fc.assert(property, { seed, numRuns, includeErrorInReport: true });
}
