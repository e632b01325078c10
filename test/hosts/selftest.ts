/**
 * A case of a test host's self-tests, on a machine that may be busy.
 */
import { type Case, PATIENCE_MS, runCase } from "../../hosts/xs-test/selftest/run.mjs";
import { Patience, watch } from "../patience.js";

/** What is wrong, or null. Time in which the program was kept from running does not count. */
export function runPatiently(
  commandFor: (args: string[]) => string[],
  testCase: Case,
): Promise<string | null> {
  return runCase(commandFor, testCase, (child) =>
    watch(new Patience(PATIENCE_MS, child.pid), () => child.kill("SIGKILL")),
  );
}
