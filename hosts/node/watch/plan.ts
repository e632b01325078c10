/**
 * The fault plan of a system, as those who watch see it. Loaded with the control: it is small.
 */
import type { FaultInjection } from "../faults/injector.js";
import type { System } from "../system/system.js";
import type { FaultPlan } from "./protocol.js";

/** The plan as `faults` and frames show it. */
export function planOf(system: System, { seed, rules, parts }: FaultInjection): FaultPlan {
  return { seed, rules, tasks: system.manifest.tasks.map(({ name }) => name), parts };
}
