/**
 * Bugs in answering, and in reading and writing what a client has sent.
 */
import type { Mutant } from "../mutant.js";

const RCVID = "src/kernel/message/rcvid.ts";
const REPLY = "src/kernel/message/reply.ts";
const SLOT = "src/kernel/message/transfer.ts";
const TRANSFER = "src/kernel/task/claim.ts";

export const MUTANTS: readonly Mutant[] = [
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
    scenarios: ["timeout-read", "timeout-reply"],
    breaks: [2, 3],
  },
  {
    name: "a reply is published before it has been copied",
    file: REPLY,
    find: `  writeReply(task, at, msg, 0, count);
  $words[task + L.SLOT_STATUS] = status;
  endClaim(task, waiting, L.SLOT_DONE);`,
    replace: `  $words[task + L.SLOT_STATUS] = status;
  endClaim(task, waiting, L.SLOT_DONE);
  writeReply(task, at, msg, 0, count);`,
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
    name: "a reply does not ring the client",
    file: TRANSFER,
    find: "  else if (kind === L.SLOT_DONE) ring(task);\n",
    replace: "",
    scenarios: ["send-reply"],
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
  {
    name: "a client takes its message back by a store",
    file: SLOT,
    find: "  if (cas($own, L.SLOT_STATE, state, idle) !== state) return false;",
    replace: "  cas($own, L.SLOT_STATE, $own[L.SLOT_STATE], idle);",
    scenarios: ["timeout-reply"],
    breaks: [2, 3],
  },
  {
    name: "what a server has written before a client gave up is taken for a reply",
    file: SLOT,
    find: `  // What the server has written so far is no reply.
  $own[L.SLOT_WRITTEN] = 0;
`,
    replace: "",
    breaks: [2],
  },
  {
    name: "what a server has written before it died is taken for a reply",
    file: SLOT,
    find: `  $own[L.SLOT_WRITTEN] = 0;
  return kind`,
    replace: "  return kind",
    breaks: [2],
  },
  {
    name: "MsgWrite ends the message",
    file: REPLY,
    find: "  endClaim(task, replyState(rcvid), L.SLOT_REPLY);",
    replace: "  endClaim(task, replyState(rcvid), L.SLOT_DONE);",
    breaks: [1],
  },
  {
    name: "a reply runs over the room of its client",
    file: REPLY,
    find: `  const count = bytes < room ? bytes : room;
  const at = roomAt(task, count);`,
    replace: `  const count = bytes;
  const at = roomAt(task, count);`,
    breaks: [3],
  },
  {
    name: "MsgWrite runs over the room of its client",
    file: REPLY,
    find: `  const left = room > offset ? room - offset : 0;
  const count = bytes < left ? bytes : left;`,
    replace: "  const count = room > offset ? bytes : 0;",
    breaks: [3],
  },
  {
    name: "MsgRead reads past the end of a message",
    file: REPLY,
    find: `  const left = sent > offset ? sent - offset : 0;
  const count = left < room ? left : room;`,
    replace: "  const count = sent > offset ? room : 0;",
    breaks: [2],
  },
  {
    name: "the status of a reply is written after the reply is published",
    file: REPLY,
    find: `  $words[task + L.SLOT_STATUS] = status;
  endClaim(task, waiting, L.SLOT_DONE);
  return 0;`,
    replace: `  endClaim(task, waiting, L.SLOT_DONE);
  $words[task + L.SLOT_STATUS] = status;
  return 0;`,
    scenarios: ["unblock", "timeout-reply", "death-reply"],
    breaks: [2, 3],
  },
  {
    name: "a claim is announced after it is made",
    file: TRANSFER,
    find: `  $own[L.TASK_CLAIMING] = task;
  if (cas($words, task + L.SLOT_STATE, waiting, claimed) === waiting) return true;
  $own[L.TASK_CLAIMING] = 0;
`,
    replace: `  if (cas($words, task + L.SLOT_STATE, waiting, claimed) === waiting) {
    $own[L.TASK_CLAIMING] = task;
    return true;
  }
`,
    scenarios: ["death-reply", "death-read"],
    breaks: [3],
  },
  {
    name: "a claimant lets go before the claim has ended",
    file: TRANSFER,
    find: `  store($words, task + L.SLOT_STATE, (waiting & ~L.SLOT_STATE_MASK) | kind);
  const life`,
    replace: `  $own[L.TASK_CLAIMING] = 0;
  store($words, task + L.SLOT_STATE, (waiting & ~L.SLOT_STATE_MASK) | kind);
  const life`,
    scenarios: ["death-reply", "death-read"],
    breaks: [3],
  },
  {
    name: "the end of a claim looks at the client's life before it publishes",
    file: TRANSFER,
    find: `  store($words, task + L.SLOT_STATE, (waiting & ~L.SLOT_STATE_MASK) | kind);
  const life = load($words, task + L.TASK_LIFE);
`,
    replace: `  const life = load($words, task + L.TASK_LIFE);
  store($words, task + L.SLOT_STATE, (waiting & ~L.SLOT_STATE_MASK) | kind);
`,
    scenarios: ["death-reply", "death-read"],
    breaks: [4],
  },
  {
    name: "MsgError(-1) does not know that the client asked to be unblocked",
    file: REPLY,
    find: "    status = asked ? -ETIMEDOUT : -EINTR;",
    replace: "    status = asked ? -EINTR : -EINTR;",
    breaks: [1],
  },
];
