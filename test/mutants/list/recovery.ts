/**
 * Bugs in recovery, stable state and the manager.
 */
import type { Mutant } from "../mutant.js";

const RECOVER = "src/ha/recover.ts";
const SUPERVISOR = "src/ham/supervisor.ts";
const POLICY = "src/ham/policy.ts";
const WATCH = "src/ham/watch.ts";

export const MUTANTS: readonly Mutant[] = [
  {
    name: "a send in its own recovery function recovers again",
    file: RECOVER,
    find: "  if (recovery === undefined || recovery.isRunning) return original;",
    replace: "  if (recovery === undefined) return original;",
    breaks: [1],
  },
  {
    name: "whatever a recovery function returns, the message is transmitted again",
    file: RECOVER,
    find: "  if (result !== coid) return giveUp(recovery, original);",
    replace: "  if (result === original) return giveUp(recovery, original);",
    breaks: [1],
  },
  {
    name: "a stale exit is taken for the successor's",
    file: SUPERVISOR,
    find: "    if (task === null || !task.isUp || task.pid !== pid) return;",
    replace: "    if (task === null || !task.isUp) return;",
    breaks: [7],
  },
  {
    name: "a task that is held is started",
    file: SUPERVISOR,
    find: "    if (!task.isWanted || task.isHeld || task.due_ms > now) return false;",
    replace: "    if (!task.isWanted || task.due_ms > now) return false;",
    breaks: [7],
  },
  {
    name: "a task is started before its pause is over",
    file: SUPERVISOR,
    find: "    if (!task.isWanted || task.isHeld || task.due_ms > now) return false;",
    replace: "    if (!task.isWanted || task.isHeld) return false;",
    breaks: [7],
  },
  {
    name: "a group starts while one of it is still leaving",
    file: SUPERVISOR,
    find: '      if (task.group[i]!.phase === "leaving") return false;',
    replace: '      if (task.group[i]!.phase === "idle") return false;',
    breaks: [7],
  },
  {
    name: "a group is told to leave in the order of its start",
    file: SUPERVISOR,
    find: "    for (const member of group.slice().reverse()) {",
    replace: "    for (const member of group) {",
    breaks: [7],
  },
  {
    name: "the board restarts once more than it may",
    file: SUPERVISOR,
    find: "    if (reboots >= board.rebootsMax) {",
    replace: "    if (reboots > board.rebootsMax) {",
    breaks: [7],
  },
  {
    name: "one more restart than the intensity allows",
    file: POLICY,
    find: "  if (recent.length >= policy.intensity && level < policy.escalate.length) {",
    replace: "  if (recent.length > policy.intensity && level < policy.escalate.length) {",
    breaks: [7],
  },
  {
    name: "a good run does not make the next death the first in a row",
    file: POLICY,
    find: "  const past = isSettled ? NO_HISTORY : before;",
    replace: "  const past = isSettled && before.deaths < 0 ? NO_HISTORY : before;",
    breaks: [7],
  },
  {
    name: "a task is started again sooner than its minimum run time",
    file: POLICY,
    find: "    due_ms: Math.max(now_ms + pause_ms, started_ms + policy.minRun_ms),",
    replace: "    due_ms: now_ms + pause_ms,",
    breaks: [7],
  },
  {
    name: "a task that waits for a hung server is blamed for it",
    file: WATCH,
    find: "    return endPeriod(heart, this.#vitals, now, this.#chain.cycle, this.#isChainHealthy());",
    replace: "    return endPeriod(heart, this.#vitals, now, this.#chain.cycle, false);",
    breaks: [7],
  },
];
