/**
 * Bugs in recovery, stable state and the manager.
 */
import type { Mutant } from "../mutant.js";

const RECOVER = "src/ha/recover.ts";
const SUPERVISOR = "src/manager/supervise/supervisor.ts";
const POLICY = "src/manager/supervise/policy.ts";
const WATCH = "src/manager/monitor/monitor.ts";
const LEDGER = "src/ha/ledger.ts";
const STABLE = "src/kernel/stable.ts";

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
  {
    name: "a ledger answers before it commits",
    file: LEDGER,
    find: `    stableCommit(this.#image, this.#image.length);
    return MsgReply(rcvid, status, msg, bytes);`,
    replace: `    const result = MsgReply(rcvid, status, msg, bytes);
    stableCommit(this.#image, this.#image.length);
    return result;`,
    scenarios: ["recovery"],
    breaks: [6],
  },
  {
    name: "a ledger does not know a message again",
    file: LEDGER,
    find: "    if (record < 0 || !this.#isSame(record, info.number)) return false;",
    replace: "    if (record < 0 || this.#isSame(record, info.number)) return false;",
    scenarios: ["recovery"],
    breaks: [6],
  },
  {
    name: "a ledger takes every message of a client for a repeat",
    file: LEDGER,
    find: "    if (record < 0 || !this.#isSame(record, info.number)) return false;",
    replace: "    if (record < 0) return false;",
    scenarios: ["recovery"],
    breaks: [6],
  },
  {
    name: "a ledger compares only the low part of a message's number",
    file: LEDGER,
    find: "    return high * L.SEQ_LOW_RANGE + this.#words[record + NUMBER_LOW] === number;",
    replace:
      "    return high >= 0 && this.#words[record + NUMBER_LOW] === (number & L.SEQ_LOW_MASK);",
    breaks: [6],
  },
  {
    name: "a ledger keeps the records of clients that are dead",
    file: LEDGER,
    find: "      if (holder === 0 || aliveTask(holder) === 0) return at;",
    replace: "      if (holder === 0) return at;",
    breaks: [6],
  },
  {
    name: "a commit writes the copy that counts",
    file: STABLE,
    find: "  return (region + L.STABLE_WORDS + (count & 1) * words) * L.WORD_BYTES;",
    replace: "  return (region + L.STABLE_WORDS + (count & 0) * words) * L.WORD_BYTES;",
    scenarios: ["stable-torn"],
    breaks: [5],
  },
  {
    name: "a commit counts before it is written",
    file: STABLE,
    find: `  copyIn(copyAtByte(region, count), state, 0, bytes);
  store($words, region + L.STABLE_LAST, (count << L.STABLE_LENGTH_BITS) | bytes);
`,
    replace: `  store($words, region + L.STABLE_LAST, (count << L.STABLE_LENGTH_BITS) | bytes);
  copyIn(copyAtByte(region, count), state, 0, bytes);
`,
    scenarios: ["stable-torn"],
    breaks: [5],
  },
  {
    name: "a message that is transmitted again does not say so",
    file: RECOVER,
    find: "  $own[L.SLOT_FIRST] = recovery.first;\n",
    replace: "",
    scenarios: ["recovery"],
    breaks: [6],
  },
  {
    name: "a message after one that was transmitted again has its number",
    file: RECOVER,
    find: "  $own[L.SLOT_FIRST] = 0;\n",
    replace: "",
    scenarios: ["recovery"],
    breaks: [6],
  },
  {
    name: "a message that no server can have seen counts as transmitted",
    file: RECOVER,
    find: "  if (lost === LOST_ESRCH) noteTransmission(recovery);",
    replace: "  noteTransmission(recovery);",
    scenarios: ["recovery"],
    breaks: [6],
  },
  {
    name: "the error of the last transmission hides that of the first",
    file: RECOVER,
    find: "  const original = first + LOST;",
    replace: "  const original = (first === 0 ? first : lost) + LOST;",
    breaks: [1],
  },
  {
    name: "one more recovery than is allowed",
    file: RECOVER,
    find: "plan.recoveries >= plan.recoveriesMax",
    replace: "plan.recoveries > plan.recoveriesMax",
    breaks: [1],
  },
  {
    name: "one more try of a recovery than is allowed",
    file: RECOVER,
    find: "plan.iterations < plan.iterationsMax",
    replace: "plan.iterations <= plan.iterationsMax",
    breaks: [1],
  },
  {
    name: "a recovery has all the time there is",
    file: RECOVER,
    find: "  if (states !== 0) limitCalls(STATES, until);\n",
    replace: "",
    breaks: [1],
  },
  {
    name: "the limit of a recovery stays when it is over",
    file: RECOVER,
    find: "  limitCalls(outerStates, outerUntil);\n",
    replace: "",
    breaks: [1],
  },
  {
    name: "a recovery that comes too late is a success",
    file: RECOVER,
    find: "  if (states !== 0 && $vm.port.now() >= until) return giveUp(recovery, -ETIMEDOUT);\n",
    replace: "",
    breaks: [1],
  },
  {
    name: "a recovery function that threw has recovered",
    file: RECOVER,
    find: `    return -1;
  } finally`,
    replace: `    return coid;
  } finally`,
    breaks: [1],
  },
  {
    name: "an order to stop does not get out of a recovery function",
    file: RECOVER,
    find: "    if (error === STOPPED) throw error;\n",
    replace: "",
    breaks: [1],
  },
  {
    name: "a report that a task is ready is taken for its successor's",
    file: SUPERVISOR,
    find: `    if (task === null || task.pid !== pid) return;
    if (task.phase === "starting")`,
    replace: `    if (task === null) return;
    if (task.phase === "starting")`,
    breaks: [7],
  },
];
