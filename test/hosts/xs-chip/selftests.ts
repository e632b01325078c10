/**
 * The test host on the emulated chip: its switches and exit codes do what the README says.
 */
import test from "tape";
import { buildChip } from "../../../hosts/xs-chip/build.mjs";
import { chipCases } from "../../../hosts/xs-chip/cases.mjs";
import { chipCommand, ROOMY } from "../../../hosts/xs-chip/command.mjs";
import { cases } from "../../../hosts/xs-test/selftest/cases.mjs";
import { runCase } from "../../../hosts/xs-test/selftest/run.mjs";

const COMMON = cases.filter(({ needs }) => needs === undefined);

/** What only a chip does, and of what every host does one case in so many. */
export function chipSelftest(oneIn: number): void {
  test("xs-chip: its self-tests", async (t) => {
    const built = buildChip();
    if ("missing" in built) return t.skip(built.missing);
    if (oneIn > 1) t.comment(`one case in ${oneIn}; npm run verify plays the others`);
    const commandFor = (args: string[]): string[] =>
      chipCommand(built.program, [...ROOMY, ...args]);
    for (const each of [...chipCases, ...COMMON.filter((_, i) => i % oneIn === 0)]) {
      t.equal(await runCase(commandFor, each), null, each.title);
    }
  });
}
