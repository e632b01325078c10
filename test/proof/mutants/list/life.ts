/**
 * Bugs in the life of a task: what the supervisor decides, in which order it acts, and what it
 * promises.
 */
import type { Mutant } from "../mutant.js";

const STATE = "src/manager/supervise/state.ts";
const TRANSITION = "src/manager/supervise/transition.ts";
const SUPERVISOR = "src/manager/supervise/supervisor.ts";
const SCHEDULE = "src/manager/supervise/schedule.ts";
const VERDICT = "src/manager/supervise/verdict.ts";
const CONSEQUENCES = "src/manager/supervise/consequences.ts";
const OUTCOME = "src/manager/supervise/outcome.ts";
const POLICY = "src/manager/supervise/policy.ts";

export const MUTANTS: readonly Mutant[] = [
  {
    name: "a stale report about a task is taken for its successor's",
    file: STATE,
    find: "  return isUp(state) && state.pid === pid;",
    replace: "  return isUp(state);",
    breaks: [7],
  },
  {
    name: "a task that is held is started",
    file: TRANSITION,
    find: "      return to(isToStart ? ON_HOLD : S.AT_REST, told);",
    replace: "      return isToStart ? follow(event.verdict, told) : to(S.AT_REST, told);",
    breaks: [7],
  },
  {
    name: "a task is started before its pause is over",
    file: SUPERVISOR,
    find: "        return state.due_ms <= now && this.#begin(task, state);",
    replace: "        return this.#begin(task, state);",
    breaks: [7],
  },
  {
    name: "a group starts while one of it is still leaving",
    file: SCHEDULE,
    find: "    if (kind === S.LEAVING || kind === S.DYING) return false;",
    replace: "    if (kind === S.IDLE) return false;",
    breaks: [7],
  },
  {
    name: "a group is told to leave in the order of its start",
    file: SUPERVISOR,
    find: "    for (let i = this.tasks.length - 1; i >= 0; i--) {",
    replace: "    for (let i = 0; i < this.tasks.length; i++) {",
    breaks: [7],
  },
  {
    name: "the board restarts once more than it may",
    file: VERDICT,
    find: '  if (step !== "board" || reboots() < board.rebootsMax) {',
    replace: '  if (step !== "board" || reboots() <= board.rebootsMax) {',
    breaks: [7],
  },
  {
    name: "a task that was stopped is started again",
    file: TRANSITION,
    find: "    case S.NEXT_STOP:\n      return to(S.AT_REST, told);",
    replace: "    case S.NEXT_STOP:\n      return follow(event.verdict, told);",
    breaks: [7],
  },
  {
    name: "a task leaves before those that depend on it",
    file: SUPERVISOR,
    find: "      if (isNeeded(task)) return false;\n",
    replace: "",
    breaks: [7],
  },
  {
    name: "a task is started before what it depends on is ready",
    file: STATE,
    find: "  if (state.kind >= LAUNCHING && state.kind <= ATTACHING) return true;",
    replace: "  if (state.kind === LAUNCHING) return true;",
    breaks: [7],
  },
  {
    name: "listeners are told before the host has been",
    file: CONSEQUENCES,
    find: "    const command = this.#commands.shift();",
    replace: "    const command = this.#news.length > 0 ? undefined : this.#commands.shift();",
    breaks: [7],
  },
  {
    name: "who stops a task that cannot be ended waits for ever",
    file: OUTCOME,
    find: '  if (state.kind === S.STUCK) return "stuck";\n',
    replace: "",
    breaks: [7],
  },
  {
    name: "orders stay open when the board restarts",
    file: SUPERVISOR,
    find: '    for (const task of this.tasks) task.settleAll("rebooted");\n',
    replace: "",
    breaks: [7],
  },
  {
    name: "a task is ready before its services are attached",
    file: TRANSITION,
    find: "  return needsServices ? to({ ...state, kind: S.ATTACHING }) : ready(state);",
    replace:
      "  return needsServices === null ? to({ ...state, kind: S.ATTACHING }) : ready(state);",
    breaks: [7],
  },
  {
    name: "a task that never gets ready is left alone",
    file: SUPERVISOR,
    find: "    if (now < state.limit_ms || this.#host.isDebugged()) return false;",
    replace: "    if (now >= 0) return false;",
    breaks: [7],
  },
  {
    name: "a long run takes back the restarts before it",
    file: POLICY,
    find: "  let recent = before.restarts_ms.filter((at_ms) => now_ms - at_ms < period_ms);",
    replace:
      "  const past = ran_ms >= settled_ms ? [] : before.restarts_ms;\n  let recent = past.filter((at_ms) => now_ms - at_ms < period_ms);",
    breaks: [7],
  },
];
