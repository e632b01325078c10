/**
 * Bugs in recovery, stable state and the manager.
 */
import type { Mutant } from "../mutant.js";

const RECOVER = "src/ha/recover.ts";
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
    name: "one more restart than the intensity allows",
    file: POLICY,
    find: "  if (recent.length >= policy.intensity && level < policy.escalate.length) {",
    replace: "  if (recent.length > policy.intensity && level < policy.escalate.length) {",
    breaks: [7],
  },
  {
    name: "a good run does not make the next death the first in a row",
    file: POLICY,
    find: "  const deaths = ran_ms >= settled_ms ? 1 : before.deaths + 1;",
    replace: "  const deaths = ran_ms >= Infinity ? 1 : before.deaths + 1;",
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
    find: "    return endPeriod(heart, this.#vitals, now, false, this.#isChainHealthy());",
    replace: "    return endPeriod(heart, this.#vitals, now, false, false);",
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
    find: "  return (region + L.STABLE_WORDS + (count & 1) * copyWords(room)) * L.WORD_BYTES;",
    replace: "  return (region + L.STABLE_WORDS + (count & 0) * copyWords(room)) * L.WORD_BYTES;",
    scenarios: ["stable-torn"],
    breaks: [5],
  },
  {
    name: "a commit counts before it is written",
    file: STABLE,
    find: `  copyIn(copyAtByte(region, room, count), state, 0, bytes);
  store($words, region + L.STABLE_LAST, (count << L.STABLE_LENGTH_BITS) | bytes);
`,
    replace: `  store($words, region + L.STABLE_LAST, (count << L.STABLE_LENGTH_BITS) | bytes);
  copyIn(copyAtByte(region, room, count), state, 0, bytes);
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
    find: "  if (lostStatus === LOST_ESRCH) noteTransmission(recovery);",
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
];
