/**
 * The budgets of a chip are kept, and docs/budgets.md says what they are.
 */
import test from "tape";
import { compareFigure, rowOf } from "../pages.js";
import { missing } from "../xs-linux/host.js";
import { type ChipBudgets, measureChip } from "./budgets.js";
import { CHIP } from "./chip.js";
import { CHIP_MOST } from "./most.js";

/** A restart takes as long as it takes until a tick sees it, and to be at the right place then. */
const RESTART_PART_OFF = 0.15;
/**
 * A tick may come at the deepest place of a stack or not. Names of files are keys of XS, and the
 * folder's is another in each run.
 */
const PART_OFF = 0.06;

test("budgets on the chip", async (t) => {
  const why = missing(CHIP);
  if (why !== "") return t.skip(why);
  const budgets = await measureChip();
  for (const [name, measured] of Object.entries(budgets)) {
    const most = CHIP_MOST[name as keyof ChipBudgets];
    t.ok(measured > 0 && measured <= most, `${name}: ${measured}, at most ${most}`);
    const figure = { page: "docs/budgets.md", pattern: rowOf(name), measured };
    const partOff = name.endsWith("_us") ? RESTART_PART_OFF : PART_OFF;
    compareFigure(t, { ...figure, partOff });
  }
  const { stackBytesTask, stackBytesMain, ramBytesTask } = budgets;
  const figures = [
    [/\| its native stack [^|]*\| +([\d,]+) of 6,144/, stackBytesTask],
    [/\| that of the main VM [^|]*\| +([\d,]+) of 8,192/, stackBytesMain],
    [/\| a task in all, measured [^|]*\| +([\d,]+)/, ramBytesTask],
  ] as const;
  for (const [pattern, measured] of figures) {
    compareFigure(t, { page: "docs/device.md", pattern, measured, partOff: PART_OFF });
  }
});
