/**
 * Runs the self-tests of the test host without a test runner.
 *
 *     node hosts/xs-linux/selftest.mjs [switches of build.mjs] [part of a title]
 */
import { cases } from "../xs-test/selftest/cases.mjs";
import { runCases } from "../xs-test/selftest/run.mjs";
import { buildXs, readVariant } from "./build.mjs";

const args = process.argv.slice(2);
const built = buildXs(readVariant(args));
if ("missing" in built) throw new Error(built.missing);
await runCases(
  (words) => [built.program, ...words],
  cases,
  args.find((arg) => !arg.startsWith("--")),
);
