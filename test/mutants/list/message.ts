/**
 * Bugs in sending, receiving and answering.
 */
import type { Mutant } from "../mutant.js";

const SEND = "src/kernel/send.ts";
const FAST = "src/kernel/fast-path.ts";
const RECEIVE = "src/kernel/receive.ts";
const REPLY = "src/kernel/reply.ts";
const TRANSFER = "src/kernel/transfer.ts";
const RCVID = "src/kernel/rcvid.ts";

export const MUTANTS: readonly Mutant[] = [
  {
    name: "send does not look at the channel's life after publishing",
    file: SEND,
    find: "if (load($words, channel + L.CHANNEL_LIFE) !== life && takeBack(sending)) return LOST_EBADF;",
    replace: "",
    needsExplorer: true,
    breaks: [1],
  },
  {
    name: "the fast send does not look at the channel's life after publishing",
    file: FAST,
    find: "if (load(words, channel + L.CHANNEL_LIFE) !== life && takeBack(sending)) return LOST_EBADF;",
    replace: "",
    needsExplorer: true,
    breaks: [1],
  },
  {
    name: "send sets the pending bit before it publishes the state",
    file: SEND,
    find: `  store($own, L.SLOT_STATE, sending);
  or($words, channel + $vm.pendingWord, $vm.pendingBit);`,
    replace: `  or($words, channel + $vm.pendingWord, $vm.pendingBit);
  store($own, L.SLOT_STATE, sending);`,
    needsExplorer: true,
    breaks: [1],
  },
  {
    name: "the fast send sets the pending bit before it publishes the state",
    file: FAST,
    find: `  store(own, L.SLOT_STATE, sending);
  or(words, channel + vm.pendingWord, vm.pendingBit);`,
    replace: `  or(words, channel + vm.pendingWord, vm.pendingBit);
  store(own, L.SLOT_STATE, sending);`,
    needsExplorer: true,
    breaks: [1],
  },
  {
    name: "the fast send does not ring the server",
    file: FAST,
    find: `  ring(server);
  for (;;) {`,
    replace: "  for (;;) {",
    needsExplorer: true,
    breaks: [1],
  },
  {
    name: "a new message has the number of the last one",
    file: FAST,
    find: "const low = ((own[L.SLOT_STATE] >>> L.SLOT_STATE_BITS) + 1) & L.SEQ_LOW_MASK;",
    replace: "const low = (own[L.SLOT_STATE] >>> L.SLOT_STATE_BITS) || 1;",
    needsExplorer: true,
    breaks: [2],
  },
  {
    name: "the high part of the number is not raised when the low part wraps",
    file: SEND,
    find: "if (low === 0) $own[L.SLOT_SEQ_HIGH] = ($own[L.SLOT_SEQ_HIGH] + 1) & L.SEQ_HIGH_MASK;",
    replace: "",
    breaks: [2],
  },
  {
    name: "a client that waits loads its doorbell after it has looked",
    file: FAST,
    find: `    const seen = load(own, L.TASK_BELL);
    const state = load(own, L.SLOT_STATE);`,
    replace: `    const state = load(own, L.SLOT_STATE);
    const seen = load(own, L.TASK_BELL);`,
    needsExplorer: true,
    breaks: [1],
  },
  {
    name: "a server that waits loads its doorbell after it has looked",
    file: FAST,
    find: "    awaitBell(seen, FOREVER);\n  }\n  // One bit",
    replace: "    awaitBell(load(own, L.TASK_BELL) || seen, FOREVER);\n  }\n  // One bit",
    needsExplorer: true,
    breaks: [1],
  },
  {
    name: "receive clears the pending bit after it has read the state",
    file: RECEIVE,
    find: `  and($words, channel + L.CHANNEL_PENDING + (index >> 5), ~(1 << (index & 31)));
  const state = load($words, task + L.SLOT_STATE);
  if (!isSendingTo(task, state, channel)) return 0;`,
    replace: `  const state = load($words, task + L.SLOT_STATE);
  and($words, channel + L.CHANNEL_PENDING + (index >> 5), ~(1 << (index & 31)));
  if (!isSendingTo(task, state, channel)) return 0;`,
    needsExplorer: true,
    breaks: [1],
  },
  {
    name: "receive does not look again after it has copied the message",
    file: RECEIVE,
    find: "  if (load($words, task + L.SLOT_STATE) !== received) return 0;",
    replace: "",
    breaks: [2],
  },
  {
    name: "a second sender's stale bit hides the first",
    file: RECEIVE,
    find: "      if (!isPending(channel, task, word, bit)) continue;",
    replace: "      if (!isPending(channel, task, word, bit)) break;",
    breaks: [1],
  },
  {
    name: "senders of one priority are taken last come first",
    file: RECEIVE,
    find: "  return isBefore($words[task + L.SLOT_TICKET], $words[other + L.SLOT_TICKET]);",
    replace: "  return isBefore($words[other + L.SLOT_TICKET], $words[task + L.SLOT_TICKET]);",
    breaks: [1],
  },
  {
    name: "MsgRead does not look again after it has copied",
    file: REPLY,
    find: "  return load($words, task + L.SLOT_STATE) === replyState(rcvid) ? count : -ESRCH;\n}\n\n/**\n * Copies `bytes`",
    replace: "  return count;\n}\n\n/**\n * Copies `bytes`",
    breaks: [2],
  },
  {
    name: "a claim is a store where a compare-exchange belongs",
    file: TRANSFER,
    find: "  if (cas($words, task + L.SLOT_STATE, waiting, claimed) === waiting) return true;",
    replace: `  if (cas($words, task + L.SLOT_STATE, waiting, claimed) === waiting) return true;
  store($words, task + L.SLOT_STATE, claimed);
  if (task > 0) return true;`,
    needsExplorer: true,
    breaks: [2, 3],
  },
  {
    name: "the fast reply writes without a claim",
    file: FAST,
    find: `  if (cas(words, task + L.SLOT_STATE, waiting, claimed) !== waiting) {`,
    replace: `  if (load(words, task + L.SLOT_STATE) !== waiting || claimed === 0) {`,
    breaks: [2, 3],
  },
  {
    name: "the fast reply publishes before it has copied",
    file: FAST,
    find: `  vm.port.copy(vm.bytes, at, msg, 0, count);
  if (count > words[task + L.SLOT_WRITTEN]) words[task + L.SLOT_WRITTEN] = count;
  words[task + L.SLOT_STATUS] = status;
  store(words, task + L.SLOT_STATE, (waiting & BITS_OF_SEQUENCE) | L.SLOT_DONE);`,
    replace: `  if (count > words[task + L.SLOT_WRITTEN]) words[task + L.SLOT_WRITTEN] = count;
  words[task + L.SLOT_STATUS] = status;
  store(words, task + L.SLOT_STATE, (waiting & BITS_OF_SEQUENCE) | L.SLOT_DONE);
  vm.port.copy(vm.bytes, at, msg, 0, count);`,
    breaks: [2, 3],
  },
  {
    name: "the end of a claim does not release the place of a client that died",
    file: TRANSFER,
    find: "  if ((life & L.LIFE_MASK) !== L.LIFE_ALIVE) releasePlace(task);",
    replace: "  if ((life & L.LIFE_MASK) !== L.LIFE_ALIVE) return;",
    breaks: [4],
  },
  {
    name: "the fast reply does not release the place of a client that died",
    file: FAST,
    find: "  else releasePlace(task);",
    replace: "  else ring(task);",
    breaks: [4],
  },
  {
    name: "a reply does not ring the client",
    file: FAST,
    find: "  if ((load(words, task + L.TASK_LIFE) & L.LIFE_MASK) === L.LIFE_ALIVE) ring(task);\n",
    replace:
      "  if ((load(words, task + L.TASK_LIFE) & L.LIFE_MASK) === L.LIFE_ALIVE) $own[L.TASK_WOKEN] = 0;\n",
    needsExplorer: true,
    breaks: [1],
  },
  {
    name: "an rcvid is taken for the client's message of now",
    file: RCVID,
    find: "  if ($words[task + L.SLOT_STATE] !== replyState(rcvid)) return 0;",
    replace: "",
    breaks: [2],
  },
  {
    name: "an rcvid is taken without its high part",
    file: RCVID,
    find: "  if ($words[task + L.SLOT_SEQ_HIGH] !== ((rcvid / HIGH_RANGE) | 0)) return 0;",
    replace: "",
    breaks: [2],
  },
];
