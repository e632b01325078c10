/**
 * The emulated chips as modes of test/hosts/xs-linux/host.ts.
 */
import { join } from "node:path";
import { CHIP_MHZ, CREATION, ROOMY } from "../../../hosts/xs-chip/command.mjs";
import type { Mode } from "../xs-linux/host.js";

const STRESS_CREATION = join(import.meta.dirname, "creation-stress.json");

/** The same mode with more switches. */
function extend(mode: Mode, name: string, ...switches: readonly string[]): Mode {
  return { ...mode, name: `${mode.name}, ${name}`, switches: [...mode.switches, ...switches] };
}

/** 400 KB of RAM, and the main VM that Moddable's manifests give an ESP32. */
export const CHIP: Mode = {
  name: "rv32imac",
  m32: true,
  hasOneCore: true,
  chip_MHz: CHIP_MHZ,
  switches: ["--release", `--creation=${CREATION}`],
};

/**
 * The same with a faster clock, for programs whose main VM looks every few milliseconds how far its
 * tasks are: a slow chip would do little else, and tasks below main would never run.
 */
export const FAST_CHIP: Mode = { ...CHIP, chip_MHz: 1_000 };

/** For programs that are larger than a chip's: eight tasks that hold a suite. */
const ROOMY_CHIP: Mode = { ...FAST_CHIP, switches: ["--release", ...ROOMY] };

/** What Atomics are on RISC-V: each takes a lock. */
export const LOCKED_CHIP: Mode = extend(ROOMY_CHIP, "locked atomics", "--locked-atomics");

/** The contract is kept in these. */
export const CHIP_MODES: readonly Mode[] = [
  extend(ROOMY_CHIP, "one core"),
  extend(ROOMY_CHIP, "lossy waits", "--lossy-waits"),
  LOCKED_CHIP,
];

/** Nine tasks, and a main VM that does more than boot: 512 KB of RAM, as an ESP32-C6 has. */
const STRESS_CHIP: Mode = {
  ...FAST_CHIP,
  switches: ["--release", `--creation=${STRESS_CREATION}`, "--machine-ram=512000"],
};

/** The stress goes through all priorities in these. */
export const STRESS_MODES: readonly Mode[] = [
  extend(STRESS_CHIP, "one core"),
  extend(STRESS_CHIP, "lossy waits", "--lossy-waits"),
  extend(STRESS_CHIP, "locked atomics", "--locked-atomics"),
];

/** The second chip, with as much RAM: one that faults when a word is not aligned. */
export const CORTEX_M3: Mode = { ...CHIP, name: "Cortex-M3", chip: "cortex-m3" };

/** The contract is kept in it. */
export const ROOMY_M3: Mode = { ...ROOMY_CHIP, name: "Cortex-M3, one core", chip: "cortex-m3" };
