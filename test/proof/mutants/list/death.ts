/**
 * Bugs in deaths, channels that close, and places that are given on.
 */
import type { Mutant } from "../mutant.js";

const DEATH = "src/kernel/death/death.ts";
const CHANNEL = "src/kernel/channel/channel.ts";
const TRANSFER = "src/kernel/task/claim.ts";
const TASK = "src/kernel/task/task.ts";

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
    scenarios: ["death-send", "channel-reuse"],
    breaks: [1],
  },
  {
    name: "a server is told that its client is gone before the client's message is",
    file: DEATH,
    find: "  releasePlace(task);\n  dropConnections(deadPid);\n",
    replace: "  dropConnections(deadPid);\n",
    scenarios: ["disconnect-held"],
    breaks: [2],
  },
  {
    name: "a death does not end the messages that wait",
    file: CHANNEL,
    find: "    endTransfers(channel, alive);\n    endConnections",
    replace: "    endConnections",
    scenarios: ["death-send"],
    breaks: [1],
  },
  {
    name: "a death does not end messages that were received",
    file: CHANNEL,
    find: "      if (kind !== L.SLOT_SEND && kind !== L.SLOT_REPLY && kind !== L.SLOT_CLAIMED) break;",
    replace: "      if (kind !== L.SLOT_SEND && kind !== L.SLOT_CLAIMED) break;",
    scenarios: ["death-send"],
    breaks: [1],
  },
  {
    name: "a death does not end messages that were being answered",
    file: CHANNEL,
    find: "      if (kind !== L.SLOT_SEND && kind !== L.SLOT_REPLY && kind !== L.SLOT_CLAIMED) break;",
    replace: "      if (kind !== L.SLOT_SEND && kind !== L.SLOT_REPLY) break;",
    scenarios: ["death-send"],
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
  {
    name: "a death forgets the names",
    file: DEATH,
    find: "  dropNames(deadPid);\n",
    replace: "",
    breaks: [8],
  },
  {
    name: "a death forgets the shared buffers",
    file: TRANSFER,
    find: "  dropShared(((life >>> L.LIFE_BITS) << L.PID_INDEX_BITS) | index);\n",
    replace: "",
    breaks: [4],
  },
  {
    name: "a death forgets the cells that were being written",
    file: DEATH,
    find: "  dropPulseClaims(deadPid);\n",
    replace: "",
    breaks: [4],
  },
  {
    name: "a slow release ends the successor's message",
    file: TRANSFER,
    find: "    if (load($words, task + L.TASK_LIFE) !== life) return;\n",
    replace: "",
    scenarios: ["double-report", "death-read", "death-reply"],
    breaks: [7],
  },
  {
    name: "two tasks can open one channel record",
    file: CHANNEL,
    find: `    if (cas($words, channel + L.CHANNEL_OWNER, 0, $vm.pid) !== 0) continue;
    return openChannel`,
    replace: `    store($words, channel + L.CHANNEL_OWNER, $vm.pid);
    return openChannel`,
    scenarios: ["attach-race"],
    breaks: [4],
  },
  {
    name: "a channel's record is swept after it is open",
    file: CHANNEL,
    find: `  disownClaims(channel);
  const life = (generation << L.LIFE_BITS) | L.LIFE_ALIVE;
  store($words, channel + L.CHANNEL_LIFE, life);
`,
    replace: `  const life = (generation << L.LIFE_BITS) | L.LIFE_ALIVE;
  store($words, channel + L.CHANNEL_LIFE, life);
  disownClaims(channel);
`,
    scenarios: ["pulse-early"],
    breaks: [2],
  },
  {
    name: "a slow sweep drops the successor's pulses",
    file: CHANNEL,
    find: `    if (load($words, channel + L.CHANNEL_LIFE) !== life) return;
    cas(`,
    replace: "    cas(",
    scenarios: ["sweep-late"],
    breaks: [2],
  },
  {
    name: "a channel that closes does not tell those who asked for dead coids",
    file: CHANNEL,
    find: "    if (holder > 0) noticeCoidDeath(holder);\n",
    replace: "    if (holder > 0) continue;\n",
    breaks: [1],
  },
  {
    name: "a lingering connection stays when its server dies",
    file: CHANNEL,
    find: "    else if (isLingeringFor(holder, owner)) cas($words, entry + L.CONNECTION_OWNER, holder, 0);\n",
    replace: "",
    breaks: [4],
  },
  {
    name: "a place is taken while a server holds a claim on its slot",
    file: TASK,
    find: "  if (kind === L.SLOT_CLAIMED && hasClaimant(task)) return false;\n",
    replace: "",
    breaks: [3],
  },
  {
    name: "a place is not released again when it is asked for",
    file: TASK,
    find: `  releasePlace(task);
  const life`,
    replace: "  const life",
    breaks: [4],
  },
  {
    name: "a dead client's shared buffer is given on while a server writes into it",
    file: DEATH,
    find: "  dropPulseClaims(deadPid);\n",
    replace: `  dropPulseClaims(deadPid);
  for (let i = 0; i < $words[L.HEAD_SHARED_BUFFERS]; i++) {
    cas($words, $words[L.HEAD_SHARED_OWNERS_AT] + i, deadPid, 0);
  }
`,
    scenarios: ["shared-death"],
    breaks: [3],
  },
  {
    name: "the main VM frees a dead client's shared buffer while a server writes into it",
    file: "src/kernel/death/orphans.ts",
    find: "  if (task !== 0 && pidAt(task) === owner && !isFree(task)) return;\n",
    replace: "",
    scenarios: ["shared-death"],
    breaks: [3],
  },
];
