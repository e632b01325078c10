/**
 * All scenarios in which nothing may be allocated. What is added to the message path is added here.
 */
import { messageScenarios } from "./messages.js";
import { moveScenarios } from "./moves.js";
import { pulseScenarios } from "./pulses.js";
import { recoveryScenarios } from "./recovery.js";
import type { Scenario } from "./scenario.js";
import { serviceScenarios } from "./services.js";
import { tableScenarios } from "./tables.js";

export const scenarios: readonly Scenario[] = [
  ...messageScenarios,
  ...moveScenarios,
  ...pulseScenarios,
  ...tableScenarios,
  ...recoveryScenarios,
  ...serviceScenarios,
];

export function scenarioOf(title: string): Scenario {
  const found = scenarios.find((each) => each.title === title);
  if (found === undefined) throw new Error(`there is no scenario ${title}`);
  return found;
}
