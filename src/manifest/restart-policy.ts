/**
 * A task's `restart` and its heartbeat: what their keys have to do with each other. The table
 * (keys.ts) says what each of them may be.
 */
import type { RestartPolicy, Step } from "../manager/supervise/policy.js";
import type { HeartbeatSpec } from "../manager/supervise/task-spec.js";
import { found } from "./value.js";

/** What ends the ladder is its last step. */
function checkSteps(steps: readonly Step[], path: string, problems: string[]): void {
  const last = steps.findIndex((step) => step === "board" || step === "hold");
  if (last < 0 || last === steps.length - 1) return;
  problems.push(
    `${path}: found steps after ${found(steps[last])}, which is the end: it must be the last`,
  );
}

/** Checks what the keys of a task's `restart` have to do with each other. */
export function checkPolicy(policy: RestartPolicy, path: string, problems: string[]): void {
  checkSteps(policy.escalate, `${path}.escalate`, problems);
  if (policy.backoffMax_ms < policy.backoff_ms) {
    problems.push(
      `${path}.backoffMax_ms: found ${policy.backoffMax_ms}, ` +
        `allowed is ${policy.backoff_ms} or more, which is backoff_ms`,
    );
  }
}

/** The keys of a heartbeat. */
export interface HeartbeatValues {
  readonly heartbeat_ms: number;
  readonly heartbeatLow: number;
  readonly heartbeatHigh: number;
}

/** The heartbeat of a task whose keys have been checked; null for none. */
export function readHeartbeat(
  { heartbeat_ms, heartbeatLow: low, heartbeatHigh: high }: HeartbeatValues,
  path: string,
  problems: string[],
): HeartbeatSpec | null {
  if (heartbeat_ms === 0) return null;
  if (low > high) {
    problems.push(
      `${path}.heartbeatLow: found ${low}, allowed is at most ${high}, which is heartbeatHigh`,
    );
  }
  return { period_ms: heartbeat_ms, low, high };
}
