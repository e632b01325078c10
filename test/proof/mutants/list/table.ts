/**
 * Bugs in connections, pulses and names.
 */
import type { Mutant } from "../mutant.js";

const CONNECT = "src/kernel/connection/connect-attach.ts";
const CONNECTION = "src/kernel/connection/connection.ts";
const PULSE = "src/kernel/pulse/pulse.ts";
const CHANNEL = "src/kernel/channel/channel.ts";
const NAMES = "src/kernel/name/name.ts";
const RECORD = "src/kernel/channel/name-record.ts";
const SHARED = "src/kernel/message/shared-buffer.ts";
const EVENT = "src/kernel/message/event.ts";
const RCVID = "src/kernel/message/rcvid.ts";

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
    find: "  if (load($words, channel + L.CHANNEL_LIFE) !== life) return leaveCell(cell);\n",
    replace: "",
    scenarios: ["pulse-reuse"],
    breaks: [2],
  },
  {
    name: "a new incarnation of a channel leaves earlier claims on its cells as they are",
    file: CHANNEL,
    find: "  disownClaims(channel);\n",
    replace: "",
    scenarios: ["pulse-reuse"],
    breaks: [2],
  },
  {
    name: "a pulse is published although its claim has come to nothing",
    file: PULSE,
    find: "  if (cas($words, cell + L.PULSE_STATE, $vm.pid, full) !== $vm.pid) return leaveCell(cell);\n",
    replace: "  store($words, cell + L.PULSE_STATE, full);\n",
    scenarios: ["pulse-reuse"],
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
    find: "  store($words, cell + L.PULSE_STATE, 0);\n  takePriority",
    replace: "  takePriority",
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
    find: "sharedOwnerAt(i)) === $vm.pid) {",
    replace: "sharedOwnerAt(i)) !== 0) {",
    breaks: [3],
  },
  {
    name: "a client can attach to a channel that is just closing",
    file: CONNECT,
    find: "  return isAlive && chidOf(channel, life) === chid ? life : 0;",
    replace: "  return isAlive || chidOf(channel, life) === chid ? life : 0;",
    scenarios: ["attach-destroy"],
    breaks: [1],
  },
  {
    name: "an entry is not looked at again after it is written",
    file: CONNECT,
    find: `  if (!isOpen(entry)) {
    setEntryAtPlace(place, 0);`,
    replace: `  if (entry < 0) {
    setEntryAtPlace(place, 0);`,
    scenarios: ["coid-death"],
    breaks: [4],
  },
  {
    name: "an entry is claimed by a store",
    file: CONNECT,
    find: "    if (cas($words, entry + L.CONNECTION_OWNER, 0, $vm.pid) === 0) return entry;",
    replace: `    store($words, entry + L.CONNECTION_OWNER, $vm.pid);
    return entry;`,
    scenarios: ["attach-race"],
    breaks: [4],
  },
  {
    name: "a connection that lingers does not look whether its server has gone",
    file: CONNECTION,
    find: `  if (load($words, channel + L.CHANNEL_LIFE) !== life) {
    cas($words, root + L.CONNECTION_OWNER, -server, 0);
    return;
  }
`,
    replace: "",
    scenarios: ["disconnect-destroy"],
    breaks: [4],
  },
  {
    name: "a cell is claimed by a store",
    file: PULSE,
    find: "    if (cas($words, cell + L.PULSE_STATE, 0, $vm.pid) === 0) return cell;",
    replace: `    store($words, cell + L.PULSE_STATE, $vm.pid);
    return cell;`,
    scenarios: ["pulse-full"],
    breaks: [2],
  },
  {
    name: "the hint of a pulse is cleared after the last look",
    file: PULSE,
    find: `  and($words, channel + L.CHANNEL_NOTICE, ~L.NOTICE_PULSE);
  const late = scanPulses(channel);
`,
    replace: `  const late = scanPulses(channel);
  and($words, channel + L.CHANNEL_NOTICE, ~L.NOTICE_PULSE);
`,
    scenarios: ["pulse-order", "pulse-full"],
    breaks: [1],
  },
  {
    name: "a pulse is announced before it is published",
    file: PULSE,
    find: "  if (cas($words, cell + L.PULSE_STATE, $vm.pid, full) !== $vm.pid) return leaveCell(cell);\n",
    replace: `  or($words, channel + L.CHANNEL_NOTICE, L.NOTICE_PULSE);
  if (cas($words, cell + L.PULSE_STATE, $vm.pid, full) !== $vm.pid) return leaveCell(cell);
  if (full === 0)
`,
    scenarios: ["pulse-order", "pulse-full"],
    breaks: [1],
  },
  {
    name: "a pulse looks at the channel's life before it claims its cell",
    file: PULSE,
    find: `  const cell = claimCell(channel, full);
  if (cell === 0) return -EAGAIN;
`,
    replace: `  const isOver = load($words, channel + L.CHANNEL_LIFE) !== life;
  const cell = claimCell(channel, full);
  if (cell === 0) return -EAGAIN;
  if (!isOver) life = load($words, channel + L.CHANNEL_LIFE);
`,
    scenarios: ["pulse-reuse"],
    breaks: [2],
  },
  {
    name: "a pulse is published before its value is written",
    file: PULSE,
    find: `  $words[cell + L.PULSE_VALUE] = bits;
  $words[cell + L.PULSE_SCOID] = scoid;
`,
    replace: `  store($words, cell + L.PULSE_STATE, full);
  $words[cell + L.PULSE_VALUE] = bits;
  $words[cell + L.PULSE_SCOID] = scoid;
`,
    scenarios: ["pulse-order", "pulse-full"],
    breaks: [2],
  },
  {
    name: "a cell is free before its pulse is read",
    file: PULSE,
    find: `  const word = $words[cell + L.PULSE_CODE];
  $vm`,
    replace: `  store($words, cell + L.PULSE_STATE, 0);
  const word = $words[cell + L.PULSE_CODE];
  $vm`,
    scenarios: ["pulse-full", "pulse-order"],
    breaks: [2],
  },
  {
    name: "an urgent pulse waits behind the others",
    file: PULSE,
    find: "  if (mine !== theirs) return mine > theirs;",
    replace: "  if (mine !== theirs) return mine < theirs;",
    breaks: [2],
  },
  {
    name: "a name record is claimed by a store",
    file: NAMES,
    find: "    if (cas($words, record + L.NAME_OWNER, 0, $vm.pid) === 0) return record;",
    replace: `    store($words, record + L.NAME_OWNER, $vm.pid);
    return record;`,
    scenarios: ["name-race"],
    breaks: [8],
  },
  {
    name: "a name is registered by a store, whoever has struck it out",
    file: NAMES,
    find: "    if (cas($words, record + L.NAME_STATE, -$vm.pid, $vm.pid) !== -$vm.pid) continue;",
    replace: "    store($words, record + L.NAME_STATE, $vm.pid);",
    scenarios: ["name-race"],
    breaks: [8],
  },
  {
    name: "a later rival for a name is not struck out",
    file: NAMES,
    find: "    if (cas($words, rival + L.NAME_STATE, state, 0) === state) continue;",
    replace: "    if (cas($words, rival + L.NAME_STATE, state, state) === state) continue;",
    scenarios: ["name-race"],
    breaks: [8],
  },
  {
    name: "a name is looked for before one's own is marked",
    file: NAMES,
    find: `    store($words, record + L.NAME_STATE, -$vm.pid);
    if (!winsName(record, text)) break;
`,
    replace: `    const wins = winsName(record, text);
    store($words, record + L.NAME_STATE, -$vm.pid);
    if (!wins) break;
`,
    scenarios: ["name-race"],
    breaks: [8],
  },
  {
    name: "a name's record is not looked at again after it is read",
    file: NAMES,
    find: "    if (!isRegisteredIn(record) || load($words, record + L.NAME_LENGTH) !== number) continue;\n",
    replace: "",
    scenarios: ["name-reuse"],
    breaks: [2],
  },
  {
    name: "a name's record has the number of the name before it",
    file: NAMES,
    find: "  const number = load($words, record + L.NAME_LENGTH) + L.NAME_LENGTH_MASK + 1;",
    replace: "  const number = load($words, record + L.NAME_LENGTH);",
    scenarios: ["name-reuse"],
    breaks: [2],
  },
  {
    name: "a shared buffer is claimed by a store",
    file: SHARED,
    find: "    if (cas($words, sharedOwnerAt(i), 0, $vm.pid) === 0) return i;",
    replace: `    cas($words, sharedOwnerAt(i), load($words, sharedOwnerAt(i)), $vm.pid);
    return i;`,
    scenarios: ["shared-race"],
    breaks: [3],
  },
  {
    name: "a coid is told dead twice",
    file: CONNECTION,
    find: "    $words[entry + L.CONNECTION_COID] = word | L.CONNECTION_DEATH_TOLD;\n",
    replace: "",
    breaks: [1],
  },
  {
    name: "a coid that was connected again is still marked dead",
    file: CONNECT,
    find: "  const word = $words[old + L.CONNECTION_COID] & ~L.CONNECTION_DEATH_TOLD;",
    replace: "  const word = $words[old + L.CONNECTION_COID];",
    breaks: [1],
  },
  {
    name: "an event reaches the successor of the client it was for",
    file: RCVID,
    find: "  if (!(number > 0 && number <= sentBy(task))) return 0;\n",
    replace: "  if (!(number > 0)) return 0;\n",
    breaks: [2],
  },
  {
    name: "an unblocking event ends the client's next message",
    file: EVENT,
    find: "  if (cas($words, task + L.SLOT_STATE, waiting, expired) === waiting) {",
    replace: `  cas($words, task + L.SLOT_STATE, load($words, task + L.SLOT_STATE), expired);
  if (task > 0) {`,
    scenarios: ["event-unblock"],
    breaks: [2],
  },
  {
    name: "an event is delivered through an entry that is another's by now",
    file: EVENT,
    find: "  if (load($words, entry + L.CONNECTION_SERIAL) !== serial) return MOVED;\n",
    replace: "",
    scenarios: ["event-return"],
    breaks: [2],
  },
  {
    name: "an event is delivered whoever has the entry",
    file: EVENT,
    find: "  if (load($words, entry + L.CONNECTION_OWNER) !== client) return MOVED;\n",
    replace: "",
    scenarios: ["event-reuse"],
    breaks: [2],
  },
  {
    name: "the server is told of a disconnect before there is one",
    file: CONNECTION,
    find: `  if (cas($words, root + L.CONNECTION_OWNER, client, -server) !== client) return;
  // Lingering, then the channel's life again: if it closed before it could see the entry, free it.
  if (load($words, channel + L.CHANNEL_LIFE) !== life) {
    cas($words, root + L.CONNECTION_OWNER, -server, 0);
    return;
  }
  postNotice(channel, L.NOTICE_DISCONNECT);
`,
    replace: `  postNotice(channel, L.NOTICE_DISCONNECT);
  if (cas($words, root + L.CONNECTION_OWNER, client, -server) !== client) return;
`,
    scenarios: ["disconnect"],
    breaks: [4],
  },
  {
    name: "an event does not look again for a coid that is connected anew",
    file: EVENT,
    find: "    if (status !== MOVED) return",
    replace: "    if (status === MOVED) return -ESRCH;\n    return",
    scenarios: ["event-recovery"],
    breaks: [2],
  },
];
