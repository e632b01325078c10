/**
 * Strict priorities on Linux, where the process may have them: a quick look at what the emulated
 * chip goes through whole (test/hosts/xs-chip/bands.verify.ts).
 */
import test from "tape";
import { whyNoPriorities } from "../../../hosts/xs-linux/priorities.mjs";
import { missing, type Mode, THIRTY_TWO_BIT } from "./host.js";

const withPolicy = (policy: "rr" | "fifo"): Mode => ({
  ...THIRTY_TWO_BIT,
  name: `priorities ${policy}`,
  hasOneCore: true,
  switches: [`--priorities=${policy}`],
});

/** On one core; those of one priority take turns, as FreeRTOS's tasks do, or do not. */
export const PRIORITY_MODES: readonly Mode[] = [withPolicy("rr"), withPolicy("fifo")];

/**
 * A test that needs strict priorities. Where the process may not have any it says so: no failure,
 * as only root may, and what is tested there is tested on the emulated chip too.
 */
export function prioritiesTest(
  title: string,
  mode: Mode,
  act: (t: test.Test) => Promise<void>,
): void {
  test(title, async (t) => {
    const absent = missing(mode);
    if (absent !== "") return t.skip(absent);
    const why = whyNoPriorities();
    if (why === "") return act(t);
    t.comment(`NOT RUN: ${why}`);
    t.comment(`sampled strict priorities on Linux: not at all, ${why}`);
  });
}
