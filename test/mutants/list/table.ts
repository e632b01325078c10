/**
 * Bugs in connections, pulses and names.
 */
import type { Mutant } from "../mutant.js";

const CONNECT = "src/kernel/connect.ts";
const CONNECTION = "src/kernel/connection.ts";
const PULSE = "src/kernel/pulse.ts";
const CHANNEL = "src/kernel/channel.ts";
const NAMES = "src/kernel/names.ts";
const RECORD = "src/kernel/name-record.ts";
const SHARED = "src/kernel/shared.ts";

export const MUTANTS: readonly Mutant[] = [
  {
    name: "a scoid keeps its serial when its entry is used again",
    file: CONNECT,
    find: "  const next = serial + 1;",
    replace: "  const next = serial || 1;",
    breaks: [2],
  },
  {
    name: "a reconnected coid keeps its old entry",
    file: CONNECT,
    find: "  setEntryAtPlace(tableIndex(coid), entry);\n  dropEntry(old);",
    replace: "  setEntryAtPlace(tableIndex(coid), entry);",
    breaks: [4],
  },
  {
    name: "a closed connection is open as long as its channel's record is in use",
    file: CONNECTION,
    find: "  return load($words, channel + L.CHANNEL_LIFE) === $words[entry + L.CONNECTION_CHANNEL_LIFE];",
    replace: "  return (load($words, channel + L.CHANNEL_LIFE) & L.LIFE_MASK) === L.LIFE_ALIVE;",
    breaks: [2],
  },
  {
    name: "the server is not told that its client is gone",
    file: CONNECTION,
    find: "  postNotice(channel, L.NOTICE_DISCONNECT);\n}\n\n/** Ends all",
    replace: "}\n\n/** Ends all",
    breaks: [4],
  },
  {
    name: "the server is told twice that its client is gone",
    file: CONNECTION,
    find: "-$vm.pid, -($vm.pid + L.PID_TOLD)) !== -$vm.pid)",
    replace: "-$vm.pid, -$vm.pid) !== -$vm.pid)",
    breaks: [4],
  },
  {
    name: "a disconnect that an earlier report left untold stays so",
    file: CONNECTION,
    find: "    } else if (holder < 0 && holder > -L.PID_TOLD) {",
    replace: "    } else if (holder < -L.PID_TOLD) {",
    breaks: [4],
  },
  {
    name: "the last cell of a channel is never used",
    file: PULSE,
    find: "  for (let i = 0; i < pulses; i++) {\n    const cell = cells + ((start",
    replace: "  for (let i = 1; i < pulses; i++) {\n    const cell = cells + ((start",
    breaks: [4],
  },
  {
    name: "the last cell of a channel is never looked at",
    file: PULSE,
    find: "  for (let i = 0; i < pulses; i++) {\n    const cell = cells + i *",
    replace: "  for (let i = 1; i < pulses; i++) {\n    const cell = cells + i *",
    breaks: [4],
  },
  {
    name: "a pulse does not say that it is there",
    file: PULSE,
    find: "  or($words, channel + L.CHANNEL_NOTICE, L.NOTICE_PULSE);\n  if (load",
    replace: "  if (load",
    breaks: [1],
  },
  {
    name: "a pulse for a dead incarnation of the channel reaches the next",
    file: PULSE,
    find: "    if (isBefore(state, first)) {",
    replace: "    if (best < 0 && isBefore(state, first)) {",
    breaks: [2],
  },
  {
    name: "a new incarnation of a channel does not note its first ticket",
    file: CHANNEL,
    find: "  store($words, channel + L.CHANNEL_FIRST_TICKET, load($words, channel + L.CHANNEL_TICKET));\n",
    replace: "",
    breaks: [2],
  },
  {
    name: "pulses of one priority are taken last come first",
    file: PULSE,
    find: "  return isBefore($words[cell + L.PULSE_STATE], $words[other + L.PULSE_STATE]);",
    replace: "  return isBefore($words[other + L.PULSE_STATE], $words[cell + L.PULSE_STATE]);",
    breaks: [2],
  },
  {
    name: "a pulse's cell is not freed when it is taken",
    file: PULSE,
    find: "  store($words, cell + L.PULSE_STATE, 0);\n",
    replace: "",
    breaks: [4],
  },
  {
    name: "two tasks can register one name: nobody yields to an earlier record",
    file: NAMES,
    find: "    if (state === owner || rival < record) return false;",
    replace: "    if (state === owner) return false;",
    breaks: [8],
  },
  {
    name: "a name that was given back still counts as registered by its task",
    file: RECORD,
    find: "    cas($words, record + L.NAME_STATE, owner, 0);\n",
    replace: "",
    breaks: [8],
  },
  {
    name: "a task can send from a shared buffer that is another's",
    file: SHARED,
    find: "$words[L.HEAD_SHARED_OWNERS_AT] + i) === $vm.pid) {",
    replace: "$words[L.HEAD_SHARED_OWNERS_AT] + i) !== 0) {",
    breaks: [3],
  },
];
