/**
 * The budgets of docs/budgets.md are kept. They are counts, so they are the same on every machine.
 */
import test from "tape";
import { type Budgets, measureBudgets } from "./budgets.js";
import { MOST } from "./most.js";
import { missing, MEASURED } from "./host.js";

test("budgets on XS", async (t) => {
  const why = missing(MEASURED) || missing({ ...MEASURED, m32: true });
  if (why !== "") return t.skip(why);
  const budgets = await measureBudgets();
  for (const [name, most] of Object.entries(MOST)) {
    const value = budgets[name as keyof Budgets];
    t.ok(value <= most, `${name}: ${value}, at most ${most}`);
  }
});
