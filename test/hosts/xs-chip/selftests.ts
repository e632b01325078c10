/**
 * The test host on an emulated chip: its switches and exit codes do what the README says.
 */
import test from "tape";
import { buildChip } from "../../../hosts/xs-chip/build.mjs";
import { casesOf } from "../../../hosts/xs-chip/cases.mjs";
import type { ChipName } from "../../../hosts/xs-chip/chips.mjs";
import { CHIP_MHZ, chipCommand, ROOMY } from "../../../hosts/xs-chip/command.mjs";
import { cases } from "../../../hosts/xs-test/selftest/cases.mjs";
import { runPatiently } from "../selftest.js";
import type { Choice } from "../xs-linux/contract.js";

const COMMON = cases.filter(({ needs }) => needs === undefined);

/** What only a chip does, and of what every host does one case in so many; but for `leftOut`. */
export function chipSelftest(chip: ChipName, { leftOut = [], oneIn = 1 }: Choice): void {
  test(`xs-chip: its self-tests, ${chip}`, async (t) => {
    const built = buildChip({ chip });
    if ("missing" in built) return t.skip(built.missing);
    const unknown = leftOut.filter((title) => !COMMON.some((each) => each.title === title));
    t.deepEqual(unknown, [], "what is left out is there");
    for (const title of leftOut) t.comment(`sampled the self-tests on ${chip}: ${title}`);
    if (oneIn > 1) t.comment(`one case in ${oneIn}; npm run verify plays the others`);
    const commandFor = (args: string[]): string[] =>
      chipCommand(built.program, [...ROOMY, ...args], CHIP_MHZ, chip);
    const common = COMMON.filter(({ title }) => !leftOut.includes(title));
    for (const each of [...casesOf(chip), ...common.filter((_, i) => i % oneIn === 0)]) {
      t.equal(await runPatiently(commandFor, each), null, each.title);
    }
  });
}
