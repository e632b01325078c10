/**
 * Bugs in deaths, channels that close, and places that are given on.
 */
import type { Mutant } from "../mutant.js";

const DEATH = "src/kernel/death.ts";
const CHANNEL = "src/kernel/channel.ts";
const TRANSFER = "src/kernel/transfer.ts";
const TASK = "src/kernel/task.ts";

export const MUTANTS: readonly Mutant[] = [
  {
    name: "a channel that closes looks at the slots before it raises its life",
    file: CHANNEL,
    find: `    cas($words, channel + L.CHANNEL_LIFE, alive, closing);
    life = load($words, channel + L.CHANNEL_LIFE);
  }
  if (life === closing) {
    endTransfers(channel, alive);`,
    replace: `    endTransfers(channel, alive);
    cas($words, channel + L.CHANNEL_LIFE, alive, closing);
    life = load($words, channel + L.CHANNEL_LIFE);
  }
  if (life === closing) {`,
    needsExplorer: true,
    breaks: [1],
  },
  {
    name: "a death does not end the messages that wait",
    file: CHANNEL,
    find: "    endTransfers(channel, alive);\n    endConnections",
    replace: "    endConnections",
    needsExplorer: true,
    breaks: [1],
  },
  {
    name: "a death does not end messages that were received",
    file: CHANNEL,
    find: "      if (kind !== L.SLOT_SEND && kind !== L.SLOT_REPLY && kind !== L.SLOT_CLAIMED) break;",
    replace: "      if (kind !== L.SLOT_SEND && kind !== L.SLOT_CLAIMED) break;",
    needsExplorer: true,
    breaks: [1],
  },
  {
    name: "a death does not end messages that were being answered",
    file: CHANNEL,
    find: "      if (kind !== L.SLOT_SEND && kind !== L.SLOT_REPLY && kind !== L.SLOT_CLAIMED) break;",
    replace: "      if (kind !== L.SLOT_SEND && kind !== L.SLOT_REPLY) break;",
    needsExplorer: true,
    breaks: [1],
  },
  {
    name: "a death ends messages for other channels too",
    file: CHANNEL,
    find: "      if ($words[task + L.SLOT_CHANNEL] !== channel) break;\n",
    replace: "",
    breaks: [2],
  },
  {
    name: "a slow report of a death ends messages for the successor",
    file: CHANNEL,
    find: "      if ($words[task + L.SLOT_CHANNEL_LIFE] !== life) break;\n",
    replace: "",
    breaks: [2],
  },
  {
    name: "a channel's generation is not raised when it closes",
    file: CHANNEL,
    find: "    const next = ((life >>> L.LIFE_BITS) + 1) & L.CHANNEL_GENERATION_MASK;",
    replace: "    const next = (life >>> L.LIFE_BITS) & L.CHANNEL_GENERATION_MASK;",
    breaks: [2],
  },
  {
    name: "a channel's record is not freed",
    file: CHANNEL,
    find: "  cas($words, channel + L.CHANNEL_OWNER, owner, 0);\n}\n\n/** Every",
    replace: "}\n\n/** Every",
    breaks: [4],
  },
  {
    name: "a chid of an earlier incarnation of the channel is taken for this one's",
    file: CHANNEL,
    find: "  if ((life & L.LIFE_MASK) !== L.LIFE_ALIVE || life >>> L.LIFE_BITS !== generation) return 0;",
    replace: "  if ((life & L.LIFE_MASK) !== L.LIFE_ALIVE || generation < 0) return 0;",
    breaks: [2],
  },
  {
    name: "a death is worked through for whoever lives in the place now",
    file: DEATH,
    find: "  if (task !== 0 && pidAt(task) === deadPid) endTask(task, deadPid);",
    replace: "  if (task !== 0) endTask(task, pidAt(task));",
    breaks: [7],
  },
  {
    name: "a second report stops where the first has begun",
    file: DEATH,
    find: "  if (cas($words, task + L.TASK_LIFE, alive, dead) === alive) trace(TRACE_DEATH, deadPid);",
    replace:
      "  if (cas($words, task + L.TASK_LIFE, alive, dead) !== alive) return;\n  trace(TRACE_DEATH, deadPid);",
    breaks: [1, 4],
  },
  {
    name: "a death forgets the connections",
    file: DEATH,
    find: "  dropConnections(deadPid);\n",
    replace: "",
    breaks: [4],
  },
  {
    name: "a death does not ring those whom the dead was about to ring",
    file: DEATH,
    find: "  ringAll();\n  cas(",
    replace: "  cas(",
    breaks: [1],
  },
  {
    name: "a place is freed while a server holds a claim on its slot",
    file: TRANSFER,
    find: "    if (slot === L.SLOT_CLAIMED && hasClaimant(task)) return;\n",
    replace: "    if (slot === L.SLOT_CLAIMED && hasClaimant(task)) break;\n",
    breaks: [3],
  },
  {
    name: "a place's generation is not raised",
    file: TRANSFER,
    find: "  const next = ((life >>> L.LIFE_BITS) + 1) & L.TASK_GENERATION_MASK || 1;\n  cas($words, task + L.TASK_LIFE, life, (next",
    replace:
      "  const next = (life >>> L.LIFE_BITS) & L.TASK_GENERATION_MASK || 1;\n  cas($words, task + L.TASK_LIFE, life, (next",
    breaks: [7],
  },
  {
    name: "a pid of an earlier incarnation is taken for alive",
    file: TASK,
    find: "  return task !== 0 && isAlive(task) && pidAt(task) === somePid ? task : 0;",
    replace: "  return task !== 0 && isAlive(task) ? task : 0;",
    breaks: [7],
  },
  {
    name: "an order to stop reaches the successor of the task that it was for",
    file: TASK,
    find: "    if (field !== L.TASK_BELL) store($words, task + field, 0);",
    replace:
      "    if (field !== L.TASK_BELL && field !== L.TASK_POISON) store($words, task + field, 0);",
    breaks: [7],
  },
];
