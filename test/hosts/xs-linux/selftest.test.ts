/**
 * The test host itself: each of its switches and exit codes does what its README says.
 */
import test from "tape";
import { buildXs } from "../../../hosts/xs-linux/build.mjs";
import { cases } from "../../../hosts/xs-test/selftest/cases.mjs";
import { runCase } from "../../../hosts/xs-test/selftest/run.mjs";

for (const m32 of [false, true]) {
  test(`xs-linux, ${m32 ? 32 : 64} bit: its self-tests`, async (t) => {
    const built = buildXs({ m32 });
    if ("missing" in built) return t.skip(built.missing);
    const commandFor = (args: string[]): string[] => [built.program, ...args];
    for (const each of cases) t.equal(await runCase(commandFor, each), null, each.title);
  });
}
