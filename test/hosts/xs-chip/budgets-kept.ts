/**
 * Are the budgets of a chip kept, and does docs/budgets.md say what they are?
 */
import type test from "tape";
import type { ChipName } from "../../../hosts/xs-chip/chips.mjs";
import { compareFigure, rowOf } from "../pages.js";
import { missing } from "../xs-linux/host.js";
import { type ChipBudgets, measureChip, MEASURED_CHIPS } from "./budgets.js";
import { CHIP_MOST } from "./most.js";

/** A restart takes as long as it takes until a tick sees it, and to be at the right place then. */
const RESTART_PART_OFF = 0.15;
/** It is one of two figures, from build to build (docs/budgets.md). */
const TICK_PART_OFF = 0.3;
/**
 * A tick may come at the deepest place of a stack or not. Names of files are keys of XS, and the
 * folder's is another in each run.
 */
export const PART_OFF = 0.06;

/** Which cell of the table is a chip's: what was measured. */
const CELLS: Readonly<Record<ChipName, number>> = { rv32imac: 2, "cortex-m3": 4 };

function partOffOf(name: string): number {
  if (name === "instructionsTick") return TICK_PART_OFF;
  return name.endsWith("_us") ? RESTART_PART_OFF : PART_OFF;
}

/** Resolves with what was measured; undefined where the chip is missing, which is a skip. */
export async function checkBudgets(t: test.Test, chip: ChipName): Promise<ChipBudgets | undefined> {
  const why = missing(MEASURED_CHIPS[chip]);
  if (why !== "") {
    t.skip(why);
    return undefined;
  }
  const budgets = await measureChip(chip);
  for (const [name, measured] of Object.entries(budgets)) {
    const most = CHIP_MOST[chip][name as keyof ChipBudgets];
    t.ok(measured > 0 && measured <= most, `${name}: ${measured}, at most ${most}`);
    const cell = CELLS[chip];
    const partOff = partOffOf(name);
    compareFigure(t, { page: "docs/budgets.md", pattern: rowOf(name, cell), measured, partOff });
    const limit = { page: "docs/budgets.md", pattern: rowOf(name, cell + 1), measured: most };
    compareFigure(t, { ...limit, partOff: 0 });
  }
  return budgets;
}
