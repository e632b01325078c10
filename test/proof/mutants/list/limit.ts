/**
 * Bugs in time limits, sleeping and waking.
 */
import type { Mutant } from "../mutant.js";

const SEND = "src/kernel/message/send.ts";
const WAIT = "src/kernel/task/doorbell.ts";
const NOTICE = "src/kernel/message/kernel-pulse.ts";

export const MUTANTS: readonly Mutant[] = [
  {
    name: "a limit that is over does not end a wait",
    file: SEND,
    find: "  if ($vm.port.now() < until) return false;",
    replace: "  if ($vm.port.now() < until || until > 0) return false;",
    breaks: [1],
  },
  {
    name: "ring does not raise the doorbell",
    file: WAIT,
    find: "  add($words, task + L.TASK_BELL, 1);\n",
    replace: "",
    breaks: [1],
  },
  {
    name: "a ring that the slice overtakes counts as a lost wake-up",
    file: WAIT,
    find: "    if (wasLost(ms)) $own[L.TASK_SAVES]++;",
    replace: "    $own[L.TASK_SAVES]++;",
    breaks: [],
  },
  {
    name: "a sleeper that the host wakes from a first slice takes it for news",
    file: WAIT,
    find: " || $own[L.TASK_BELL] === seen",
    replace: "",
    breaks: [1],
  },
  {
    name: "after a first slice without a timer there is none either",
    file: WAIT,
    find: " || least_ms >= SLICE_MS) return",
    replace: ") return",
    breaks: [1],
  },
  {
    name: "a waker that gives up does not say so",
    file: WAIT,
    find: "(arenaTime() << L.WOKEN_MS_SHIFT) | (sleep & L.WOKEN_GIVEN_UP_MASK);",
    replace: "0;",
    breaks: [],
  },
  {
    name: "a waker that gives up as the slice has just ended makes it a lost wake-up",
    file: WAIT,
    find: "  return since >> L.WOKEN_MS_SHIFT >= ms;",
    replace: "  return true;",
    breaks: [],
  },
  {
    name: "ring does not notify a sleeper",
    file: WAIT,
    find: "  if (notify($words, task + L.TASK_BELL, 1) === 0) ringAgain(task, sleep);\n  else $words",
    replace: "  if (sleep > 0) $words",
    breaks: [1],
  },
  {
    name: "a notify that met nobody is not repeated",
    file: WAIT,
    find: "  if ($words[task + L.TASK_WOKEN] === sleep) return;\n",
    replace: "  if (sleep !== 0) return;\n",
    breaks: [1],
  },
  {
    name: "a task does not announce its sleep",
    file: WAIT,
    find: "  store($own, L.TASK_SLEEP, (++$own[L.TASK_SLEEPS] << 1) | 1);",
    replace: "  $own[L.TASK_SLEEPS]++;",
    breaks: [1],
  },
  {
    name: "a sleep has no slice",
    file: WAIT,
    find: "  const outcome = wait($own, L.TASK_BELL, seen, ms);",
    replace: "  const outcome = wait($own, L.TASK_BELL, seen, until === FOREVER ? 1e9 : ms);",
    breaks: [1],
  },
  {
    name: "an order to stop is not obeyed in a loop of the kernel",
    file: WAIT,
    find: "  if ($own[L.TASK_POISON] === L.POISON_STOP) throw STOPPED;\n  // Fault",
    replace: "  if ($own[L.TASK_POISON] === L.POISON_STOP) return;\n  // Fault",
    breaks: [1],
  },
  {
    name: "the limit of a reply is forgotten while the message still waits",
    file: SEND,
    find: `      or($own, L.SLOT_FLAGS, L.SLOT_FLAG_NO_REPLY_WAIT);
      return false;`,
    replace: "      return false;",
    breaks: [1],
  },
  {
    name: "a client gives up while a waiting server is picking its message up",
    file: SEND,
    find: "    return isWaiting && !isReplyLimited ? false : takeBack(state);",
    replace: "    return isWaiting && isReplyLimited ? false : takeBack(state);",
    breaks: [1],
  },
  {
    name: "a server is asked twice to unblock one client",
    file: NOTICE,
    find: " || (flags & L.SLOT_FLAG_UNBLOCK_TOLD) !== 0) continue;",
    replace: ") continue;",
    scenarios: ["unblock"],
    breaks: [1],
  },
  {
    name: "a server is not asked to unblock its client",
    file: SEND,
    find: `    postNotice(channel, L.NOTICE_UNBLOCK);
  }
  return false;`,
    replace: `  }
  return false;`,
    scenarios: ["unblock"],
    breaks: [1],
  },
  {
    name: "an unblock request is marked as told, whoever's it is by now",
    file: NOTICE,
    find: "    if (!claim(task, state)) continue;\n    or($words, task + L.SLOT_FLAGS, L.SLOT_FLAG_UNBLOCK_TOLD);\n    endClaim(task, state, L.SLOT_REPLY);\n",
    replace:
      "    or($words, task + L.SLOT_FLAGS, L.SLOT_FLAG_UNBLOCK_TOLD);\n    if (load($words, task + L.SLOT_STATE) !== state) continue;\n",
    scenarios: ["unblock-successor"],
    breaks: [1],
  },
  {
    name: "a notice is cleared after its facts have been looked at",
    file: NOTICE,
    find: `  and($words, channel + L.CHANNEL_NOTICE, ~notice);
  if (!findFact(channel, notice)) return false;
`,
    replace: `  if (!findFact(channel, notice)) {
    and($words, channel + L.CHANNEL_NOTICE, ~notice);
    return false;
  }
`,
    scenarios: ["disconnect-twice"],
    breaks: [1, 4],
  },
  {
    name: "a message that is sent again has a new time limit",
    file: SEND,
    find: "  if (states !== 0 && status < -LOST) rearm(states, until);",
    replace: "  if (states !== 0 && status < -LOST && until < 0) rearm(states, until);",
    breaks: [1],
  },
];
