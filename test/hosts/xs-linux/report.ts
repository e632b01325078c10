/**
 * `npm run xs:report -- [--json]`: what messages, tasks and code cost on XS, and what it may cost.
 */
import { parseArgs } from "node:util";
import { type Budgets, measureBudgets } from "./budgets.js";
import { MOST } from "./most.js";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const budgets = await measureBudgets();
if (values.json) {
  console.log(JSON.stringify(budgets));
} else {
  const rows = Object.entries(budgets).map(([name, value]) => {
    return { name, value, most: MOST[name as keyof Budgets] ?? "" };
  });
  console.table(rows);
}
