/**
 * The test host itself: each of its switches and exit codes does what its README says.
 */
import test from "tape";
import { buildXs } from "../../../hosts/xs-linux/build.mjs";
import { linuxCases, priorityCases } from "../../../hosts/xs-linux/cases.mjs";
import { ON_ONE_CORE } from "../../../hosts/xs-linux/priorities.mjs";
import { cases } from "../../../hosts/xs-test/selftest/cases.mjs";
import { runPatiently } from "../selftest.js";
import { THIRTY_TWO_BIT } from "./host.js";
import { prioritiesTest } from "./priorities.js";

for (const m32 of [false, true]) {
  test(`xs-linux, ${m32 ? 32 : 64} bit: its self-tests`, async (t) => {
    const built = buildXs({ m32 });
    if ("missing" in built) return t.skip(built.missing);
    const commandFor = (args: string[]): string[] => [built.program, ...args];
    for (const each of [...cases, ...linuxCases])
      t.equal(await runPatiently(commandFor, each), null, each.title);
  });
}

prioritiesTest("xs-linux, strict priorities: their self-tests", THIRTY_TWO_BIT, async (t) => {
  const built = buildXs({ m32: true });
  if ("missing" in built) return t.fail(built.missing);
  const commandFor = (args: string[]): string[] => [...ON_ONE_CORE, built.program, ...args];
  for (const each of priorityCases) t.equal(await runPatiently(commandFor, each), null, each.title);
});
