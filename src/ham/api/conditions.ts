/**
 * QNX's ham_condition_* calls, and those that free a handle. Results: api.ts.
 */
import { ND_LOCAL_NODE } from "../../kernel/connection/connection.js";
import { EINVAL } from "../../kernel/errno.js";
import { nodeError, nodenameError } from "./api.js";
import { request } from "../client.js";
import { KIND_ACTION, KIND_CONDITION, KIND_ENTITY, KIND_MASK } from "../model/tree.js";
import * as W from "../protocol/wire.js";

/**
 * Adds a condition of a COND* type but CONDSTATE and CONDRAISE. flags: HREARMAFTERRESTART,
 * HCONDINDEPENDENT, HCONDNOWAIT, HCONDOTHER, HCONDKEEPONEMPTY. Returns the handle, or -EEXIST (the
 * name), -ENAMETOOLONG, -ENOMEM, and the common ones.
 */
export function ham_condition(entity: number, type: number, cname: string, flags: number): number {
  return request(W.OP_CONDITION, flags, [entity, type], [cname]);
}

/**
 * Adds a condition that fires when the entity goes from one state to another. Each is a state,
 * CONDSTATEANY, or with HCONDSTATEFROMSET and HCONDSTATETOSET a set, bit n for state n of 0 to 31;
 * HCONDSTATEFROMINV and HCONDSTATETOINV turn it into all others. Further flags and errors:
 * ham_condition.
 */
export function ham_condition_state(
  entity: number,
  cname: string,
  fromstate: number,
  tostate: number,
  flags: number,
): number {
  return request(W.OP_CONDITION_STATE, flags, [entity, fromstate, tostate], [cname]);
}

/**
 * Adds a condition that fires when one of this type, class and severity is raised; 0 stands for
 * any. Flags and errors: ham_condition.
 */
export function ham_condition_raise(
  entity: number,
  cname: string,
  rtype: number,
  rclass: number,
  rseverity: number,
  flags: number,
): number {
  return request(W.OP_CONDITION_RAISE, flags, [entity, rtype, rclass, rseverity], [cname]);
}

/** Takes a condition away, with its actions, also those that it has just set off. */
export function ham_condition_remove(condition: number, flags: number): number {
  return request(W.OP_CONDITION_REMOVE, flags, [condition], []);
}

/** The handle of a condition, or -ENOENT. */
export function ham_condition_handle(
  nd: number,
  ename: string,
  cname: string,
  flags: number,
): number {
  return nodeError(nd) || request(W.OP_CONDITION_HANDLE, flags, [], [ename, cname]);
}
export function ham_condition_handle_node(
  nodename: string | null,
  ename: string,
  cname: string,
  flags: number,
): number {
  return nodenameError(nodename) || ham_condition_handle(ND_LOCAL_NODE, ename, cname, flags);
}

/** As ham_entity_control, of a condition; flags: those of ham_condition. */
export function ham_condition_control(condition: number, command: number, flags: number): number {
  return request(W.OP_CONTROL_CONDITION, flags, [condition, command], []);
}

/** A handle takes no memory: this only looks at its form. 0 or -EINVAL. Does not block. */
function free(handle: number, kind: number): number {
  return (handle | 0) === handle && handle > KIND_MASK && (handle & KIND_MASK) === kind
    ? 0
    : -EINVAL;
}

/** Gives a handle back; the entity stays. 0, or -EINVAL for what is none. */
export function ham_entity_handle_free(entity: number): number {
  return free(entity, KIND_ENTITY);
}
export function ham_condition_handle_free(condition: number): number {
  return free(condition, KIND_CONDITION);
}
export function ham_action_handle_free(action: number): number {
  return free(action, KIND_ACTION);
}
