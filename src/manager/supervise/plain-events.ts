/**
 * The events of a task that say nothing but their type: made once, as they happen again and again.
 */
import * as S from "./state.js";

export const START = Object.freeze({ type: S.START });
export const RESTART = Object.freeze({ type: S.RESTART });
export const STOP = Object.freeze({ type: S.STOP });
export const TERMINATE = Object.freeze({ type: S.TERMINATE });
export const HOLD = Object.freeze({ type: S.HOLD });
export const RELEASE = Object.freeze({ type: S.RELEASE });
export const DUE = Object.freeze({ type: S.DUE });
export const UNNEEDED = Object.freeze({ type: S.UNNEEDED });
export const ATTACHED = Object.freeze({ type: S.ATTACHED });
