/**
 * ham_*_control(), ham_verbose() and ham_heartbeat_control(), as the model does them.
 */
import { EINVAL } from "../../kernel/errno.js";
import { ACTION_FLAGS, CONDITION_FLAGS, maySetFlags, STATE_FLAGS } from "./conditions.js";
import * as C from "../protocol/constants.js";
import { type Caller, isOwn, makerError, managerError, observerError } from "./authority.js";
import type { HamModel } from "./model.js";
import type { Action, Condition, Entity, Made } from "./tree.js";

/** Enough to tell everything, with room for levels of one's own. */
const VERBOSITY_MAX = 255;

/** The flags of a node after a command. */
function changed(before: number, command: number, flags: number): number {
  if (command === C.HADDFLAGS) return before | flags;
  return command === C.HREMOVEFLAGS ? before & ~flags : flags;
}

function isSwitch(command: number): boolean {
  return command === C.HENABLE || command === C.HDISABLE;
}

/**
 * 0 when a command with these flags fits a node that knows `known`; else -EINVAL. What is passed on
 * to those below is HREARMAFTERRESTART alone: it is the only flag with one meaning for all.
 */
function controlError(command: number, flags: number, known: number): number {
  if (command < C.HENABLE || command > C.HGETFLAGS) return -EINVAL;
  const recurses = (flags & C.HRECURSE) !== 0;
  const own = flags & ~C.HRECURSE;
  if (isSwitch(command) || command === C.HGETFLAGS) return own === 0 ? 0 : -EINVAL;
  const allowed = recurses ? known | C.HREARMAFTERRESTART : known;
  return (own & allowed) === own ? 0 : -EINVAL;
}

/** 0 when the caller may give this command to what it has made, or somebody else has. */
function authorityError(caller: Caller, made: Made, command: number, flags: number): number {
  if (command === C.HGETFLAGS) return observerError(caller);
  // What lies below may be somebody else's.
  return (flags & C.HRECURSE) !== 0 ? managerError(caller) : makerError(caller, made);
}

function controlActionBelow(action: Action, command: number, flags: number): void {
  if (isSwitch(command)) {
    action.isEnabled = command === C.HENABLE;
    return;
  }
  const keep = action.flags & ~C.HREARMAFTERRESTART;
  const rearm = flags & C.HREARMAFTERRESTART;
  action.flags = keep | (changed(action.flags, command, rearm) & C.HREARMAFTERRESTART);
}

function controlConditionBelow(condition: Condition, command: number, flags: number): void {
  if (isSwitch(command)) {
    condition.isEnabled = command === C.HENABLE;
  } else {
    const keep = condition.flags & ~C.HREARMAFTERRESTART;
    const rearm = flags & C.HREARMAFTERRESTART;
    condition.flags = keep | (changed(condition.flags, command, rearm) & C.HREARMAFTERRESTART);
  }
  for (const action of condition.actions) controlActionBelow(action, command, flags);
}

/** ham_entity_control */
export function controlEntity(
  model: HamModel,
  caller: Caller,
  handle: number,
  command: number,
  flags: number,
): number {
  const entity: Entity | number = model.registry.entityOf(handle);
  if (typeof entity === "number") return entity;
  const isMine = isOwn(caller, entity) && command === C.HGETFLAGS;
  const error =
    controlError(command, flags, C.HENTITYKEEPONDEATH) ||
    (isMine ? 0 : authorityError(caller, entity, command, flags));
  if (error !== 0) return error;
  if (command === C.HGETFLAGS) return entity.flags;
  if (isSwitch(command)) entity.isEnabled = command === C.HENABLE;
  else entity.flags = changed(entity.flags, command, flags & C.HENTITYKEEPONDEATH);
  if ((flags & C.HRECURSE) === 0) return 0;
  for (const condition of entity.conditions) controlConditionBelow(condition, command, flags);
  return 0;
}

/** ham_condition_control */
export function controlCondition(
  model: HamModel,
  caller: Caller,
  handle: number,
  command: number,
  flags: number,
): number {
  const condition = model.registry.conditionOf(handle);
  if (typeof condition === "number") return condition;
  const known = condition.type === C.CONDSTATE ? CONDITION_FLAGS | STATE_FLAGS : CONDITION_FLAGS;
  const error =
    controlError(command, flags, known) || authorityError(caller, condition, command, flags);
  if (error !== 0) return error;
  if (command === C.HGETFLAGS) return condition.flags;
  if (isSwitch(command)) {
    condition.isEnabled = command === C.HENABLE;
  } else {
    const after = changed(condition.flags, command, flags & known);
    if (!maySetFlags(condition, after)) return -EINVAL;
    condition.flags = after;
  }
  if ((flags & C.HRECURSE) === 0) return 0;
  for (const action of condition.actions) controlActionBelow(action, command, flags);
  return 0;
}

/** ham_action_control */
export function controlAction(
  model: HamModel,
  caller: Caller,
  handle: number,
  command: number,
  flags: number,
): number {
  const action = model.registry.actionOf(handle);
  if (typeof action === "number") return action;
  const error =
    controlError(command, flags, ACTION_FLAGS) || authorityError(caller, action, command, flags);
  if (error !== 0) return error;
  if (command === C.HGETFLAGS) return action.flags;
  if (isSwitch(command)) action.isEnabled = command === C.HENABLE;
  else action.flags = changed(action.flags, command, flags & ACTION_FLAGS);
  return 0;
}

/** ham_verbose */
export function setVerbosity(
  model: HamModel,
  caller: Caller,
  command: number,
  value: number,
): number {
  if (command < C.VERBOSE_SET_INCR || command > C.VERBOSE_GET || value < 0) return -EINVAL;
  const error = command === C.VERBOSE_GET ? observerError(caller) : managerError(caller);
  if (error !== 0) return error;
  let level = model.verbosity;
  if (command === C.VERBOSE_SET_INCR) level += value;
  else if (command === C.VERBOSE_SET_DECR) level -= value;
  else if (command === C.VERBOSE_SET) level = value;
  model.verbosity = Math.min(Math.max(level, 0), VERBOSITY_MAX);
  return model.verbosity;
}

/** ham_heartbeat_control */
export function controlHeartbeats({ control }: HamModel, caller: Caller, command: number): number {
  const { monitor } = control;
  const before = monitor.isSuspended ? C.HAM_HEARTBEAT_SUSPEND : C.HAM_HEARTBEAT_ACTIVE;
  const isKnown = command === C.HAM_HEARTBEAT_SUSPEND || command === C.HAM_HEARTBEAT_ACTIVE;
  if (!isKnown && command !== C.HAM_HEARTBEAT_QUERY) return -EINVAL;
  const error = isKnown ? managerError(caller) : observerError(caller);
  if (error !== 0) return error;
  if (command === C.HAM_HEARTBEAT_SUSPEND) monitor.suspend();
  else if (command === C.HAM_HEARTBEAT_ACTIVE) monitor.resume();
  return before;
}
