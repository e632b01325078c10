/**
 * Runs the self-tests of the test host on the emulated chip, without a test runner.
 *
 *     node hosts/xs-chip/selftest.mjs [part of a title]
 */
import { cases } from "../xs-test/selftest/cases.mjs";
import { runCases } from "../xs-test/selftest/run.mjs";
import { buildChip } from "./build.mjs";
import { chipCases } from "./cases.mjs";
import { chipCommand, ROOMY } from "./command.mjs";

const built = buildChip();
if ("missing" in built) throw new Error(built.missing);
await runCases(
  (args) => chipCommand(built.program, [...ROOMY, ...args]),
  [...cases.filter(({ needs }) => needs === undefined), ...chipCases],
  process.argv.slice(2).find((arg) => !arg.startsWith("--")),
);
