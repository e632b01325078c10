/**
 * The `abilities` of a task's manifest: what it may ask of the manager.
 */
import { type Abilities, DEFAULT_ABILITIES } from "../manager/abilities.js";
import { checkWords } from "./check-value.js";

const OBSERVE = "observe";
const MANAGE = "manage";
const RESTART = "restart:";

/**
 * Reads a list of abilities; `tasks` are the names that "restart:" may be followed by. The list is
 * all that the task may: an empty one leaves it with attaching itself and beating.
 */
export function readAbilities(
  value: unknown,
  tasks: readonly string[],
  path: string,
  problems: string[],
): Abilities {
  if (value === undefined) return DEFAULT_ABILITIES;
  const allowed = [OBSERVE, MANAGE, ...tasks.map((task) => RESTART + task)];
  const words = checkWords(value, allowed, path, problems);
  return {
    mayObserve: words.includes(OBSERVE),
    mayManage: words.includes(MANAGE),
    mayRestart: tasks.filter((task) => words.includes(RESTART + task)),
  };
}
