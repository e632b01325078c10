/**
 * The test host on the emulated chip: its switches and exit codes do what the README says.
 */
import test from "tape";
import { buildChip } from "../../../hosts/xs-chip/build.mjs";
import { chipCases } from "../../../hosts/xs-chip/cases.mjs";
import { chipCommand, ROOMY } from "../../../hosts/xs-chip/command.mjs";
import { cases } from "../../../hosts/xs-test/selftest/cases.mjs";
import { runCase } from "../../../hosts/xs-test/selftest/run.mjs";

test("xs-chip: its self-tests", async (t) => {
  const built = buildChip();
  if ("missing" in built) return t.skip(built.missing);
  const commandFor = (args: string[]): string[] => chipCommand(built.program, [...ROOMY, ...args]);
  const common = cases.filter(({ needs }) => needs === undefined);
  for (const each of [...common, ...chipCases]) {
    t.equal(await runCase(commandFor, each), null, each.title);
  }
});
