/**
 * The budgets of docs/budgets.md are kept. They are counts, so they are the same on every machine.
 */
import test from "tape";
import { compareFigure, PART_OFF_MAX, rowOf } from "../pages.js";
import { type Budgets, measureBudgets } from "./budgets.js";
import { MOST } from "./most.js";
import { missing, MEASURED } from "./host.js";

/** How deep a recovery goes depends on how far its server has got; a page says the deepest. */
const STACK_PART_OFF = 0.06;
/** On a busy machine sleeps end before they are rung, and that is bytecodes too. */
const ORDINARY_PART_OFF = 0.12;
/** There each side looks as often as it comes too early or too late. */
const FLOOR_PART_OFF = 0.2;
const PARTS_OFF: Readonly<Record<string, number>> = {
  bytecodesFloor: FLOOR_PART_OFF,
  stackSlots: STACK_PART_OFF,
  bytecodesOrdinary: ORDINARY_PART_OFF,
};

test("budgets on XS", async (t) => {
  const why = missing(MEASURED) || missing({ ...MEASURED, m32: true });
  if (why !== "") return t.skip(why);
  const budgets = await measureBudgets();
  for (const [name, most] of Object.entries(MOST)) {
    const value = budgets[name as keyof Budgets];
    t.ok(value <= most, `${name}: ${value}, at most ${most}`);
  }
  for (const [name, measured] of Object.entries(budgets)) {
    const partOff = PARTS_OFF[name] ?? PART_OFF_MAX;
    compareFigure(t, { page: "docs/budgets.md", pattern: rowOf(name), measured, partOff });
  }
  const { stackSlots, taskRamBytes32, mainSlots } = budgets;
  const figures = [
    ["README.md", /^\| Reattach +\| (\d+) /m, budgets.bytecodesPerRoundTrip],
    [
      "README.md",
      /^\| bare `Atomics\.wait`, `notify` +\| (\d+) /m,
      budgets.bytecodesFloor,
      FLOOR_PART_OFF,
    ],
    ["docs/budgets.md", /what Reattach adds to a bare worker +\| ([\d,]+)/, taskRamBytes32],
    ["docs/device.md", /Reattach itself goes (\d+) deep/, stackSlots, STACK_PART_OFF],
    ["docs/device.md", /in the main VM +\| +([\d,]+) slots/, mainSlots],
    ["src/manifest/creation-keys.ts", /function sends, takes (\d+)\n/, stackSlots, STACK_PART_OFF],
  ] as const;
  for (const [page, pattern, measured, partOff = PART_OFF_MAX] of figures) {
    compareFigure(t, { page, pattern, measured, partOff });
  }
});
