/**
 * A task that goes through the rounds of a scenario and counts what they cost it.
 */
import { scenarioOf } from "./costs/index.js";
import { measure } from "./costs/meter.js";
import { tellCost } from "./costs/report.js";

export interface MeasuredArgs {
  readonly role: "client" | "server";
  readonly title: string;
  readonly rounds: number;
}

export function main({ role, title, rounds }: MeasuredArgs): void {
  const prepare = scenarioOf(title)[role];
  if (prepare === undefined) throw new Error(`${title} has no ${role}`);
  tellCost(role, measure(prepare(), rounds));
}
