/**
 * Calls that may not fail: a task that cannot tell the manager what it wants had better die.
 */
import { errnoName } from "reattach";

/** The result of a call, if it is 0 or more. Throws otherwise. */
export function must(result: number, what: string): number {
  if (result < 0) throw new Error(`${what}: ${errnoName(result)}`);
  return result;
}
