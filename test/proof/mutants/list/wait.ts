/**
 * Bugs in waiting for a name.
 */
import type { Mutant } from "../mutant.js";

const NAMES = "src/kernel/name/name.ts";
const NAME_WAIT = "src/kernel/name/wait.ts";

export const MUTANTS: readonly Mutant[] = [
  {
    name: "registering a name wakes nobody who waits for it",
    file: NAMES,
    find: "    ringWaiters();\n",
    replace: "",
    breaks: [1],
    scenarios: ["name-wait"],
  },
  {
    name: "those who wait for a name are rung before it is registered",
    file: NAMES,
    find:
      "    if (cas($words, record + L.NAME_STATE, -$vm.pid, $vm.pid) !== -$vm.pid) continue;\n" +
      "    ringWaiters();\n",
    replace:
      "    ringWaiters();\n" +
      "    if (cas($words, record + L.NAME_STATE, -$vm.pid, $vm.pid) !== -$vm.pid) continue;\n",
    breaks: [1],
    scenarios: ["name-wait"],
  },
  {
    name: "a task looks for a name before it says that it waits",
    file: NAME_WAIT,
    find: "  let seen = beginWait();\n  let isThere = isAnyRegistered(name);",
    replace: "  let isThere = isAnyRegistered(name);\n  let seen = beginWait();",
    breaks: [1],
    scenarios: ["name-wait"],
  },
  {
    name: "a death report ends the wait of the successor",
    file: "src/kernel/death/death.ts",
    find: "  cas($words, task + L.TASK_LIFE, dead, generation | L.LIFE_DRAINED);",
    replace:
      "  $words[$words[L.HEAD_NAMES_AT] - 1] &= ~(1 << ((task - L.TASKS_AT) >> L.TASK_SHIFT));\n" +
      "  cas($words, task + L.TASK_LIFE, dead, generation | L.LIFE_DRAINED);",
    breaks: [1],
    scenarios: ["waiter-death"],
  },
  {
    name: "a recovery looks for its service before it says that it waits",
    file: "src/ha/restart.ts",
    find: "  let seen = beginWait();\n  let result = connect(plan, coid, handle);",
    replace: "  let result = connect(plan, coid, handle);\n  let seen = beginWait();",
    breaks: [1],
    scenarios: ["restart-wait"],
  },
];
