/**
 * The `abilities` of a task's manifest: what it may ask of the manager.
 */
import { type Abilities, DEFAULT_ABILITIES } from "../manager/abilities.js";
import { allowedNames } from "./suggest.js";
import { found } from "./value.js";

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
  if (!Array.isArray(value)) {
    problems.push(`${path}: found ${found(value)}, allowed is a list of ${allowed.join(", ")}`);
    return DEFAULT_ABILITIES;
  }
  for (const word of value as readonly unknown[]) {
    if (typeof word === "string" && allowed.includes(word)) continue;
    problems.push(`${path}: found ${found(word)}, ${allowedNames(String(word), allowed)}`);
  }
  return {
    mayObserve: value.includes(OBSERVE),
    mayManage: value.includes(MANAGE),
    mayRestart: tasks.filter((task) => value.includes(RESTART + task)),
  };
}
