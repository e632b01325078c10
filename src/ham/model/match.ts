/**
 * When a condition fires: pure functions of the condition and of what has happened.
 */
import * as C from "../protocol/constants.js";
import type { Condition } from "./tree.js";

/** A set of states is a word. */
const STATES_IN_SET = 32;

/** Does `state` match what a condition says of one side of a transition? */
function isState(wanted: number, isSet: boolean, isInverted: boolean, state: number): boolean {
  let matches: boolean;
  if (isSet) matches = state < STATES_IN_SET && (wanted & (1 << state)) !== 0;
  else matches = wanted === C.CONDSTATEANY || wanted === state;
  return matches !== isInverted;
}

function isTransition({ flags, first, second }: Condition, from: number, to: number): boolean {
  const isFrom = isState(
    first,
    (flags & C.HCONDSTATEFROMSET) !== 0,
    (flags & C.HCONDSTATEFROMINV) !== 0,
    from,
  );
  const isToSet = (flags & C.HCONDSTATETOSET) !== 0;
  return isFrom && isState(second, isToSet, (flags & C.HCONDSTATETOINV) !== 0, to);
}

function isOrAny(wanted: number, raised: number): boolean {
  return wanted === 0 || wanted === raised;
}

/**
 * Does this condition fire for an event? `x`, `y`, `z` are from and to of a CONDSTATE event; type,
 * class and severity of a CONDRAISE event. An abnormal death is an event of type CONDDEATH and then
 * one of CONDABNORMALDEATH: a condition of type CONDANY takes the first.
 */
export function isTriggered(
  condition: Condition,
  type: number,
  x: number,
  y: number,
  z: number,
): boolean {
  if (condition.type === C.CONDANY) return type !== C.CONDABNORMALDEATH;
  if (condition.type !== type) return false;
  if (type === C.CONDSTATE) return isTransition(condition, x, y);
  if (type !== C.CONDRAISE) return true;
  const { first, second, third } = condition;
  return isOrAny(first, x) && isOrAny(second, y) && isOrAny(third, z);
}
