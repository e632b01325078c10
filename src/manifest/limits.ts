/**
 * `config.reattach.limits`: how much there is room for, checked.
 */
import type { Limits } from "../arena/limits.js";
import { checkKeys } from "./check-value.js";
import { LIMITS } from "./keys.js";

/** Buffers without a byte hold no message. */
function checkShared(limits: Limits, path: string, problems: string[]): void {
  const { sharedBuffers, sharedBytes } = limits;
  if (sharedBuffers === 0 || sharedBytes > 0) return;
  problems.push(
    `${path}.sharedBytes: found 0, allowed is 1 or more where sharedBuffers is ${sharedBuffers}`,
  );
}

/**
 * Reads `config.reattach.limits`: what it leaves out is the default. Every problem is added to
 * `problems`; with no new one the limits are safe to build an arena from.
 */
export function readLimits(input: unknown, problems: string[], path = "limits"): Limits {
  const before = problems.length;
  const limits = checkKeys(LIMITS, input, path, problems) as unknown as Limits;
  if (problems.length === before) checkShared(limits, path, problems);
  return limits;
}
