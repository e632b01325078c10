/**
 * What the figures of a chip in docs/budgets.md may be at most: a little more than was measured. A
 * path of a file changes them by up to one part in a hundred, since its name is a key of XS.
 */
import type { ChipBudgets } from "./budgets.js";

export const CHIP_MOST: { readonly [Name in keyof ChipBudgets]: number } = {
  instructionsRoundTrip: 22_500,
  instructionsCovered: 22_500,
  instructionsPulse: 206_000,
  instructionsTick: 20_000,
  instructionsTickFloor: 10_100,
  restart_us: 44_000,
  restartStandby_us: 44_000,
  // A tick that comes at the deepest place adds its frame of 128.
  stackBytesTask: 3_800,
  stackBytesMain: 5_250,
  ramBytesTask: 34_200,
  // Another version of the compiler may need some percent more.
  flashBytesNative: 9_900,
  flashBytesProgram: 880_000,
};
