/**
 * QNX's ham_condition_* calls, and those that free a handle. Results: api.ts.
 */
import { EINVAL } from "../../kernel/errno.js";
import { call } from "../client.js";
import { KIND_ACTION, KIND_CONDITION, KIND_ENTITY, KIND_MASK } from "../protocol/handles.js";
import { OPERATIONS } from "../protocol/operations.js";

const conditionHandle = call(OPERATIONS.conditionHandle);

/**
 * Adds a condition of a COND* type but CONDSTATE and CONDRAISE. flags: HREARMAFTERRESTART,
 * HCONDINDEPENDENT, HCONDNOWAIT, HCONDOTHER, HCONDKEEPONEMPTY. Returns the handle, or -EEXIST (the
 * name), -ENAMETOOLONG, -ENOMEM, and the common ones.
 */
export const ham_condition: (entity: number, type: number, cname: string, flags: number) => number =
  call(OPERATIONS.condition);

/**
 * Adds a condition that fires when the entity goes from one state to another. Each is a state,
 * CONDSTATEANY, or with HCONDSTATEFROMSET and HCONDSTATETOSET a set, bit n for state n of 0 to 31;
 * HCONDSTATEFROMINV and HCONDSTATETOINV turn it into all others. Further flags and errors:
 * ham_condition.
 */
export const ham_condition_state: (
  entity: number,
  cname: string,
  fromstate: number,
  tostate: number,
  flags: number,
) => number = call(OPERATIONS.conditionState);

/**
 * Adds a condition that fires when one of this type, class and severity is raised; 0 stands for
 * any. Flags and errors: ham_condition.
 */
export const ham_condition_raise: (
  entity: number,
  cname: string,
  rtype: number,
  rclass: number,
  rseverity: number,
  flags: number,
) => number = call(OPERATIONS.conditionRaise);

/** Takes a condition away, with its actions, also those that it has just set off. */
export const ham_condition_remove: (condition: number, flags: number) => number = call(
  OPERATIONS.conditionRemove,
);

/** The handle of a condition, or -ENOENT. */
export const ham_condition_handle: (
  nd: number,
  ename: string,
  cname: string,
  flags: number,
) => number = conditionHandle;
/** ham_condition_handle, on the board with this name. */
export const ham_condition_handle_node: (
  nodename: string | null,
  ename: string,
  cname: string,
  flags: number,
) => number = conditionHandle;

/**
 * As ham_entity_control, of a condition; flags: those of ham_condition. -EINVAL for HCONDNOWAIT
 * where an action, or one of its action-fail list, waits.
 */
export const ham_condition_control: (condition: number, command: number, flags: number) => number =
  call(OPERATIONS.conditionControl);

/** A handle takes no memory: this only looks at its form. 0 or -EINVAL. Does not block. */
const free = (handle: number, kind: number): number =>
  (handle | 0) === handle && handle > KIND_MASK && (handle & KIND_MASK) === kind ? 0 : -EINVAL;

/** Gives a handle back; the entity stays. 0, or -EINVAL for what is none. */
export const ham_entity_handle_free = (entity: number): number => free(entity, KIND_ENTITY);
/** Gives a handle back; the condition stays. 0, or -EINVAL for what is none. */
export const ham_condition_handle_free = (condition: number): number =>
  free(condition, KIND_CONDITION);
/** Gives a handle back; the action stays. 0, or -EINVAL for what is none. */
export const ham_action_handle_free = (action: number): number => free(action, KIND_ACTION);
