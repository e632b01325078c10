/**
 * Which connections of this VM are HA-aware.
 */
import type { Recovery, RecoveryPlan } from "../arena/records.js";

/** What is kept of an HA-aware coid. */
export function recoveryOf(coid: number): Recovery | undefined {
  return $vm.recoveries?.get(coid);
}

/** Makes a coid HA-aware by a plan that is its own, or shared. */
export function addRecovery(coid: number, plan: RecoveryPlan): void {
  ($vm.recoveries ??= new Map()).set(coid, { plan, isRunning: false, isRetrying: false, first: 0 });
}

/** Makes a coid a plain one; false when it was. The plan lives as long as a coid has it. */
export function dropRecovery(coid: number): boolean {
  return $vm.recoveries?.delete(coid) === true;
}
