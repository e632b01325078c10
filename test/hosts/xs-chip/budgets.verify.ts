/**
 * The budgets of a chip are kept, and the docs say what they are. cortex-m3.verify.ts has those of
 * the other chip.
 */
import test from "tape";
import { compareFigure } from "../pages.js";
import { checkBudgets, PART_OFF } from "./budgets-kept.js";

test("budgets on the chip", async (t) => {
  const budgets = await checkBudgets(t, "rv32imac");
  if (budgets === undefined) return;
  const { stackBytesTask, stackBytesMain, ramBytesTask, flashBytesNative } = budgets;
  const figures = [
    [/\| its native stack [^|]*\| +([\d,]+) of 6,144/, stackBytesTask],
    [/\| that of the main VM [^|]*\| +([\d,]+) of 8,192/, stackBytesMain],
    [/\| a task in all, measured [^|]*\| +([\d,]+)/, ramBytesTask],
    [/Its C takes another ([\d,]+) on a RISC-V/, flashBytesNative],
  ] as const;
  for (const [pattern, measured] of figures) {
    compareFigure(t, { page: "docs/device.md", pattern, measured, partOff: PART_OFF });
  }
});
