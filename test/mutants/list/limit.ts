/**
 * Bugs in time limits, sleeping and waking.
 */
import type { Mutant } from "../mutant.js";

const SEND = "src/kernel/send.ts";
const WAIT = "src/kernel/wait.ts";

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
    find: "  store($own, L.TASK_SLEEP, ++$own[L.TASK_SLEEPS]);",
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
];
