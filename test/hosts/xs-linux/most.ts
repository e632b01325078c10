/**
 * What the numbers of docs/budgets.md may be at most: the goal where it has been reached, else a
 * little more than what was measured, so that nothing grows unseen.
 */
import type { Budgets } from "./budgets.js";

/** The most of each, where there is one. */
export const MOST: { readonly [Name in keyof Budgets]?: number } = {
  slots: 0,
  chunkBytes: 0,
  gcs: 0,
  // 1.1 times the floor.
  bytecodesPerRoundTrip: 215,
  // On a busy machine sleeps end before they are rung.
  bytecodesOrdinary: 4_000,
  servicePercent: 150,
  arenaBytes: 8_192,
  taskRamBytes32: 1_500,
  mainSlots: 850,
  mainStackSlots: 340,
  stackSlots: 620,
  codeBytes: 138_000,
  hamCodeBytes: 30_000,
  serviceCodeBytes: 21_500,
};
