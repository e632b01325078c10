/**
 * A task that goes through the rounds of a scenario and counts what they cost it.
 */
import { args } from "xs";
import { scenarioOf } from "./costs/index.js";
import { measure, measureLoop } from "./costs/meter.js";
import { tellCost } from "./costs/report.js";

export interface MeasuredArgs {
  readonly role: "client" | "server";
}

/** Returns at once when the scenario has nothing to do for it. */
export function main({ role }: MeasuredArgs): void {
  const [title = "", rounds = ""] = args;
  const prepare = scenarioOf(title)[role];
  if (prepare === undefined) return;
  const prepared = prepare();
  const count = Number(rounds);
  tellCost(role, "run" in prepared ? measureLoop(prepared, count) : measure(prepared, count));
}
