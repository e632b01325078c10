/**
 * Bugs in sending and receiving.
 */
import type { Mutant } from "../mutant.js";

const COPY = "src/kernel/message/copy.ts";
const PRIORITY = "src/kernel/channel/priority.ts";
const RECEIVE = "src/kernel/message/receive.ts";
const SEND = "src/kernel/message/send.ts";

export const MUTANTS: readonly Mutant[] = [
  {
    name: "send does not look at the channel's life after publishing",
    file: SEND,
    find: "if (load($words, channel + L.CHANNEL_LIFE) !== life && takeBack(sending)) return LOST_EBADF;",
    replace: "",
    scenarios: ["channel-reuse", "death-send"],
    breaks: [1],
  },
  {
    name: "send sets the pending bit before it publishes the state",
    file: SEND,
    find: `  store($own, L.SLOT_STATE, sending);
  or($words, channel + $vm.pendingWord, $vm.pendingBit);`,
    replace: `  or($words, channel + $vm.pendingWord, $vm.pendingBit);
  store($own, L.SLOT_STATE, sending);`,
    scenarios: ["send-reply", "two-senders", "timeout-reply"],
    breaks: [1],
  },
  {
    name: "send does not ring the server",
    file: SEND,
    find: "  ring(server);\n",
    replace: "",
    scenarios: ["send-reply"],
    breaks: [1],
  },
  {
    name: "a new message has the number of the last one",
    file: SEND,
    find: "const low = (($own[L.SLOT_STATE] >>> L.SLOT_STATE_BITS) + 1) & L.SEQ_LOW_MASK;",
    replace: "const low = ($own[L.SLOT_STATE] >>> L.SLOT_STATE_BITS) || 1;",
    scenarios: ["late-reply"],
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
    file: SEND,
    find: `    const seen = load($own, L.TASK_BELL);
    const state = load($own, L.SLOT_STATE);`,
    replace: `    const state = load($own, L.SLOT_STATE);
    const seen = load($own, L.TASK_BELL);`,
    scenarios: ["send-reply"],
    breaks: [1],
  },
  {
    name: "a server that waits loads its doorbell after it has looked",
    file: RECEIVE,
    find: "      awaitBell(seen, until);",
    replace: "      awaitBell(load($own, L.TASK_BELL) || seen, until);",
    scenarios: ["send-reply"],
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
    scenarios: ["timeout-send", "two-senders"],
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
    find: `        if (best === 0 || isSenderBefore(task, best)) best = task;
      }`,
    replace: `        if (best === 0 || isSenderBefore(task, best)) best = task;
      } else break;`,
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
    name: "receive does not compare which incarnation of the channel a message is for",
    file: RECEIVE,
    find: `    $words[task + L.SLOT_CHANNEL] === channel &&
    $words[task + L.SLOT_CHANNEL_LIFE] === $words[channel + L.CHANNEL_LIFE]
`,
    replace: "    $words[task + L.SLOT_CHANNEL] === channel\n",
    scenarios: ["channel-reuse"],
    breaks: [2],
  },
  {
    name: "receive takes a message by a store",
    file: RECEIVE,
    find: `  if (cas($words, task + L.SLOT_STATE, state, received) !== state) return 0;
  if (flags`,
    replace: `  store($words, task + L.SLOT_STATE, received);
  if (flags`,
    scenarios: ["timeout-send", "timeout-send-fast"],
    breaks: [1, 2],
  },
  {
    name: "a send begins with the length of the last reply",
    file: SEND,
    find: `  $own[L.SLOT_WRITTEN] = 0;
  if (channel === 0`,
    replace: "  if (channel === 0",
    breaks: [2],
  },
  {
    name: "a sender of high priority waits behind the others",
    file: RECEIVE,
    find: "  if (mine !== theirs) return mine > theirs;",
    replace: "  if (mine !== theirs) return mine < theirs;",
    breaks: [1],
  },
  {
    name: "a server does not inherit the priority of who waits for it",
    file: PRIORITY,
    find: "    if (cas($words, server + L.TASK_PRIORITY, now, priority) === now) return;",
    replace: "    if (now < priority) return;",
    breaks: [1],
  },
  {
    name: "a server that receives does not look who else waits",
    file: PRIORITY,
    find: "  if (waiting > priority) raisePriority(channel, $me, waiting);\n",
    replace: "",
    scenarios: ["priority-raise"],
    breaks: [1],
  },
  {
    name: "a message overtakes an earlier pulse of its client",
    file: RECEIVE,
    find: "    if (again === best) {\n",
    replace: "    if (again >= best) {\n",
    breaks: [2],
  },
  {
    name: "the length of a part is read twice before it is copied",
    file: COPY,
    find: "    total += length;",
    replace: "    total += part.length;",
    breaks: [],
  },
  {
    name: "a part is copied beyond its bytes",
    file: COPY,
    find: "  return some > 0 && some > base.length ? base.length : some;",
    replace: "  return some;",
    breaks: [],
  },
];
