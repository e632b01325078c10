/**
 * What a task may ask of the manager: the `abilities` of its manifest.
 */

/** Beside attaching itself and beating, which every task may. */
export interface Abilities {
  /** To look at everything, and to be told of it. */
  readonly mayObserve: boolean;
  /** To do everything. */
  readonly mayManage: boolean;
  /** Names of the tasks that it may end and start again. */
  readonly mayRestart: readonly string[];
}

const NOBODY: readonly string[] = Object.freeze([]);

/** Of a task whose manifest says nothing. */
export const DEFAULT_ABILITIES: Abilities = Object.freeze({
  mayObserve: true,
  mayManage: false,
  mayRestart: NOBODY,
});

/** Of the main VM: its program is the board's. */
export const ALL_ABILITIES: Abilities = Object.freeze({
  mayObserve: true,
  mayManage: true,
  mayRestart: NOBODY,
});

/** Of who is not there any more. */
export const NO_ABILITIES: Abilities = Object.freeze({
  mayObserve: false,
  mayManage: false,
  mayRestart: NOBODY,
});
