/**
 * Who has made what: a task's conditions and actions go with the task, its successor takes over
 * what is re-armed, and one that may not manage has a share of the tables, not all of them.
 */
import * as L from "../../arena/layout.js";
import { ENOMEM } from "../../kernel/errno.js";
import type { Caller } from "./authority.js";
import type { Registry } from "./registry.js";
import type { Entity, Made } from "./tree.js";

/** What a task may have at a time that may observe and not manage. */
const CONDITIONS_SHARE = 8;
const ACTIONS_SHARE = 16;

/** All entities, the global one included. */
function entitiesOf({ entities, global }: Registry): readonly Entity[] {
  return [global, ...entities];
}

/**
 * Takes away what the task with this pid has put under an entity. What has been set off by then is
 * still carried out, unless `isCancelled`.
 */
export function forgetUnder(
  registry: Registry,
  { conditions }: Entity,
  maker: number,
  isCancelled: boolean,
): void {
  // From the last one on: a condition goes with its last action.
  for (let i = conditions.length - 1; i >= 0; i--) {
    const condition = conditions[i];
    if (condition.maker === maker) {
      condition.isRemoved = isCancelled;
      registry.removeCondition(condition);
      continue;
    }
    for (const action of condition.actions.slice()) {
      for (const step of action.fails.slice()) {
        if (step.maker === maker) registry.removeFail(action, step);
      }
      if (action.maker === maker) {
        action.isRemoved = isCancelled;
        registry.removeAction(action);
      }
    }
  }
}

/** The same under all entities but those of the task itself, which go or stay by themselves. */
export function forgetMaker(registry: Registry, maker: number, task: string): void {
  for (const entity of entitiesOf(registry)) {
    if (entity.task !== task) forgetUnder(registry, entity, maker, true);
  }
}

/** The next incarnation of an entity's task has what the one before has made there. */
export function inherit(entity: Entity, before: number, now: number): void {
  const hand = (made: Made): void => {
    if (made.maker === before) made.maker = now;
  };
  hand(entity);
  for (const condition of entity.conditions) {
    hand(condition);
    for (const action of condition.actions) {
      hand(action);
      action.fails.forEach(hand);
    }
  }
}

/** Is it by this task, in this or an earlier life? A task keeps its place. */
export function isBy({ pid }: Caller, { maker }: Made): boolean {
  return (maker & L.PID_INDEX_MASK) === (pid & L.PID_INDEX_MASK);
}

/** 0 when a task may have one more condition; else -ENOMEM: it has its share. */
export function conditionShareError(registry: Registry, caller: Caller): number {
  if (caller.abilities.mayManage) return 0;
  let count = 0;
  for (const { conditions } of entitiesOf(registry)) {
    for (const condition of conditions) if (isBy(caller, condition)) count++;
  }
  return count >= CONDITIONS_SHARE ? -ENOMEM : 0;
}

/** The same for actions, those of action-fail lists included. */
export function actionShareError(registry: Registry, caller: Caller): number {
  if (caller.abilities.mayManage) return 0;
  let count = 0;
  for (const { conditions } of entitiesOf(registry)) {
    for (const { actions } of conditions) {
      for (const action of actions) {
        if (isBy(caller, action)) count++;
        for (const step of action.fails) if (isBy(caller, step)) count++;
      }
    }
  }
  return count >= ACTIONS_SHARE ? -ENOMEM : 0;
}
