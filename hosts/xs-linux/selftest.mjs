/**
 * Runs the self-tests of the test host without a test runner.
 *
 *     node hosts/xs-linux/selftest.mjs [switches of build.mjs] [part of a title]
 */
import { cases } from "../xs-test/selftest/cases.mjs";
import { runCases } from "../xs-test/selftest/run.mjs";
import { buildXs, readVariant } from "./build.mjs";
import { linuxCases, priorityCases } from "./cases.mjs";
import { ON_ONE_CORE, whyNoPriorities } from "./priorities.mjs";

const args = process.argv.slice(2);
const built = buildXs(readVariant(args));
if ("missing" in built) throw new Error(built.missing);
const part = args.find((arg) => !arg.startsWith("--"));
await runCases((words) => [built.program, ...words], [...cases, ...linuxCases], part);
const why = whyNoPriorities();
if (why !== "") console.log(`# not run: strict priorities: ${why}`);
else await runCases((words) => [...ON_ONE_CORE, built.program, ...words], priorityCases, part);
