/**
 * What the figures of a chip in docs/budgets.md may be at most: a little more than was measured.
 * The path of a file changes them by up to three parts in a hundred, a tick's by four, since its
 * name is a key of XS.
 */
import type { ChipName } from "../../../hosts/xs-chip/chips.mjs";
import type { ChipBudgets } from "./budgets.js";

type Most = { readonly [Name in keyof ChipBudgets]: number };

const RV32IMAC: Most = {
  instructionsRoundTrip: 22_500,
  instructionsCovered: 22_500,
  instructionsPulse: 209_000,
  instructionsTick: 26_000,
  instructionsTickFloor: 10_500,
  restart_us: 44_000,
  restartStandby_us: 46_000,
  // A tick that comes at the deepest place adds its frame of 128.
  stackBytesTask: 3_800,
  stackBytesMain: 5_250,
  ramBytesTask: 34_200,
  // Another version of the compiler may need some percent more.
  flashBytesNative: 9_900,
  flashBytesProgram: 880_000,
};

const CORTEX_M3: Most = {
  instructionsRoundTrip: 21_600,
  instructionsCovered: 21_600,
  instructionsPulse: 167_000,
  instructionsTick: 22_000,
  instructionsTickFloor: 8_900,
  restart_us: 35_000,
  restartStandby_us: 35_000,
  stackBytesTask: 2_500,
  stackBytesMain: 2_700,
  ramBytesTask: 33_800,
  flashBytesNative: 7_700,
  flashBytesProgram: 800_000,
};

export const CHIP_MOST: Readonly<Record<ChipName, Most>> = {
  rv32imac: RV32IMAC,
  "cortex-m3": CORTEX_M3,
};
