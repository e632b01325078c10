/**
 * What clients ask of conditions and actions. Each function returns what the call of that name does
 * (api-conditions.ts, api-actions.ts); nothing has changed when it is an error.
 */
import { EAGAIN, EEXIST, EINVAL, ENOENT } from "../../kernel/errno.js";
import * as C from "../protocol/constants.js";
import { specError } from "./actions.js";
import {
  type Caller,
  conditionError,
  specAuthorityError,
  makerError,
  observerError,
} from "./authority.js";
import { JOBS_MAX } from "./jobs.js";
import { actionShareError, conditionShareError } from "./makers.js";
import type { HamModel } from "./model.js";
import type { Action, Condition, ActionSpec } from "./tree.js";
import { findNamed } from "./registry.js";

/** What ham_*_control() may change of a condition of any type. */
export const CONDITION_FLAGS =
  C.HREARMAFTERRESTART | C.HCONDINDEPENDENT | C.HCONDNOWAIT | C.HCONDOTHER | C.HCONDKEEPONEMPTY;
/** And of one on states. */
export const STATE_FLAGS =
  C.HCONDSTATEFROMSET | C.HCONDSTATETOSET | C.HCONDSTATEFROMINV | C.HCONDSTATETOINV;
/** And of an action. */
export const ACTION_FLAGS = C.HREARMAFTERRESTART | C.HACTIONBREAKONFAIL | C.HACTIONKEEPONFAIL;

const handleOrError = (node: { readonly handle: number } | number): number =>
  typeof node === "number" ? node : node.handle;

/** ham_condition; with the three numbers, ham_condition_state and ham_condition_raise. */
export function addCondition(
  model: HamModel,
  caller: Caller,
  entityHandle: number,
  type: number,
  name: string,
  flags: number,
  first = 0,
  second = 0,
  third = 0,
): number {
  const { registry } = model;
  const entity = registry.entityOf(entityHandle);
  if (typeof entity === "number") return entity;
  if (type < C.CONDANY || type > C.CONDRAISE) return -EINVAL;
  const allowed = type === C.CONDSTATE ? CONDITION_FLAGS | STATE_FLAGS : CONDITION_FLAGS;
  if ((flags & allowed) !== flags) return -EINVAL;
  const error = conditionError(caller, entity) || conditionShareError(registry, caller);
  if (error !== 0) return error;
  const { pid } = caller;
  return handleOrError(registry.addCondition(entity, name, type, flags, pid, first, second, third));
}

/** ham_condition_remove */
export function removeCondition(model: HamModel, caller: Caller, handle: number): number {
  const condition = model.registry.conditionOf(handle);
  if (typeof condition === "number") return condition;
  const error = makerError(caller, condition);
  if (error !== 0) return error;
  condition.isRemoved = true;
  model.registry.removeCondition(condition);
  return 0;
}

function conditionNamed(model: HamModel, entity: string, name: string): Condition | undefined {
  const conditions = model.registry.entityNamed(entity)?.conditions;
  return conditions === undefined ? undefined : findNamed(conditions, name);
}

/** ham_condition_handle */
export function conditionHandle(
  model: HamModel,
  caller: Caller,
  entity: string,
  name: string,
): number {
  return observerError(caller) || (conditionNamed(model, entity, name)?.handle ?? -ENOENT);
}

/** ham_action_handle */
export function actionHandle(
  model: HamModel,
  caller: Caller,
  entity: string,
  condition: string,
  name: string,
): number {
  const error = observerError(caller);
  if (error !== 0) return error;
  const actions = conditionNamed(model, entity, condition)?.actions;
  return (actions === undefined ? undefined : findNamed(actions, name))?.handle ?? -ENOENT;
}

/** Of a death, of somebody who can be started again, and the only one. 0, -EINVAL or -EEXIST. */
function restartError({ control }: HamModel, { entity, type }: Condition): number {
  if (type !== C.CONDDEATH && type !== C.CONDABNORMALDEATH) return -EINVAL;
  if (entity.kind === "global") return -EINVAL;
  if (entity.task !== "" && control.isRestartedAfter(entity.task, "abnormal")) return -EEXIST;
  const hasRestart = entity.conditions.some(({ actions }) =>
    actions.some(({ spec }) => spec.kind === "restart"),
  );
  return hasRestart ? -EEXIST : 0;
}

/** What an action asks of the condition that it is to stand under. */
function placeError(model: HamModel, condition: Condition, spec: ActionSpec): number {
  if (spec.kind === "waitfor" && (condition.flags & C.HCONDNOWAIT) !== 0) return -EINVAL;
  return spec.kind === "restart" ? restartError(model, condition) : 0;
}

/** ham_action_* */
export function addAction(
  model: HamModel,
  caller: Caller,
  handle: number,
  name: string,
  spec: ActionSpec,
  flags: number,
): number {
  const { registry, jobs, control } = model;
  const condition = registry.conditionOf(handle);
  if (typeof condition === "number") return condition;
  const isNow = (flags & C.HACTIONDONOW) !== 0;
  const kept = flags & ~C.HACTIONDONOW;
  if ((kept & ACTION_FLAGS) !== kept || (isNow && spec.kind === "restart")) return -EINVAL;
  let error = specError(spec);
  if (error === 0) error = specAuthorityError(control, caller, condition, name, spec);
  if (error === 0) error = placeError(model, condition, spec);
  if (error === 0) error = registry.actionError(condition, name);
  if (error === 0) error = actionShareError(registry, caller);
  if (error !== 0) return error;
  if (isNow && jobs.count === JOBS_MAX) return -EAGAIN;
  const action = registry.addAction(condition, name, spec, kept, caller.pid);
  if (isNow) jobs.add(condition.entity, condition, C.CONDANY, [action]);
  return action.handle;
}

/** ham_action_remove */
export function removeAction(model: HamModel, caller: Caller, handle: number): number {
  const action = model.registry.actionOf(handle);
  if (typeof action === "number") return action;
  const error = makerError(caller, action);
  if (error !== 0) return error;
  action.isRemoved = true;
  model.registry.removeAction(action);
  return 0;
}

/** ham_action_fail_* */
export function addFail(
  model: HamModel,
  caller: Caller,
  handle: number,
  name: string,
  spec: ActionSpec,
  flags: number,
): number {
  const { registry, control } = model;
  const action = registry.actionOf(handle);
  if (typeof action === "number") return action;
  if ((flags & ACTION_FLAGS) !== flags || !mayBeFail(spec)) return -EINVAL;
  let error = specError(spec);
  if (error === 0) error = makerError(caller, action);
  if (error === 0) error = specAuthorityError(control, caller, action.condition, name, spec);
  if (error === 0) error = placeError(model, action.condition, spec);
  if (error === 0) error = actionShareError(registry, caller);
  return error === 0 ? registry.addFail(action, name, spec, flags, caller.pid) : error;
}

function mayBeFail({ kind }: ActionSpec): boolean {
  return kind !== "restart" && kind !== "heartbeat_healthy";
}

/** ham_action_fail_remove */
export function removeFail(model: HamModel, caller: Caller, handle: number, name: string): number {
  const action = model.registry.actionOf(handle);
  if (typeof action === "number") return action;
  const step = findNamed(action.fails, name);
  const error = makerError(caller, step ?? action);
  if (error !== 0) return error;
  if (step === undefined) return -ENOENT;
  step.isRemoved = true;
  model.registry.removeFail(action, step);
  return 0;
}

/** May these be the flags of a condition, with the actions that it has? */
export function maySetFlags({ actions }: Condition, flags: number): boolean {
  return (flags & C.HCONDNOWAIT) === 0 || !actions.some(hasWaitfor);
}

function hasWaitfor({ spec, fails }: Action): boolean {
  return spec.kind === "waitfor" || fails.some((step) => step.spec.kind === "waitfor");
}
