/**
 * Bugs in the tick of the main VM.
 */
import type { Mutant } from "../mutant.js";

const TICK = "src/manager/tick.ts";

export const MUTANTS: readonly Mutant[] = [
  {
    name: "main reads its doorbell after it has looked",
    file: TICK,
    find: "    this.#seen = bell;\n    this.#target.look(now, isRung);",
    replace: "    this.#target.look(now, isRung);\n    this.#seen = load(this.#own, L.TASK_BELL);",
    breaks: [7],
  },
  {
    name: "a ring does not end the ticks that are skipped",
    file: TICK,
    find: "    if (this.#own[L.TASK_BELL] === this.#seen && --this.#skips >= 0) return;",
    replace: "    if (--this.#skips >= 0) return;",
    breaks: [7],
  },
  {
    name: "so many ticks are skipped that main comes too late",
    file: TICK,
    find: "const SKIPPED_SHARE = 7 / 8;",
    replace: "const SKIPPED_SHARE = 2;",
    breaks: [7],
  },
  {
    name: "the guardian is not fed while nothing is due",
    file: TICK,
    find: "skips < this.#skipsMax ? skips : this.#skipsMax;",
    replace: "skips;",
    breaks: [7],
  },
  {
    name: "a send that is asked for is not looked after before something else is due",
    file: "src/ha/async.ts",
    find: "  ring($me);\n",
    replace: "",
    breaks: [1],
  },
  {
    name: "a task that waits for its services is not looked at when they are attached",
    file: "src/kernel/task/waiters.ts",
    find: "  ring(L.TASKS_AT);\n",
    replace: "",
    breaks: [7],
  },
];
