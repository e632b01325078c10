/**
 * Runs the self-tests of the test host on an emulated chip, without a test runner.
 *
 *     node hosts/xs-chip/selftest.mjs [--chip=name] [part of a title]
 */
import { parseArgs } from "node:util";
import { cases } from "../xs-test/selftest/cases.mjs";
import { runCases } from "../xs-test/selftest/run.mjs";
import { buildChip } from "./build.mjs";
import { casesOf } from "./cases.mjs";
import { chipNamed } from "./chips.mjs";
import { CHIP_MHZ, chipCommand, ROOMY } from "./command.mjs";

const { values, positionals } = parseArgs({
  options: { chip: { type: "string" } },
  allowPositionals: true,
});
const chip = chipNamed(values.chip);
const built = buildChip({ chip });
if ("missing" in built) throw new Error(built.missing);
await runCases(
  (args) => chipCommand(built.program, [...ROOMY, ...args], CHIP_MHZ, chip),
  [...cases.filter(({ needs }) => needs === undefined), ...casesOf(chip)],
  positionals[0],
);
