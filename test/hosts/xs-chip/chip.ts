/**
 * The emulated chip as a mode of test/hosts/xs-linux/host.ts.
 */
import { join } from "node:path";
import { CHIP_MHZ, ROOMY } from "../../../hosts/xs-chip/command.mjs";
import type { Mode } from "../xs-linux/host.js";

/** 400 KB of RAM, and the main VM that Moddable's manifests give an ESP32. */
export const CHIP: Mode = {
  name: "rv32imac",
  m32: true,
  hasOneCore: true,
  chip_MHz: CHIP_MHZ,
  switches: ["--release", `--creation=${join(import.meta.dirname, "creation.json")}`],
};

/**
 * The same with a faster clock, for programs whose main VM looks every few milliseconds how far its
 * tasks are: a slow chip would do little else, and tasks below main would never run.
 */
export const FAST_CHIP: Mode = { ...CHIP, chip_MHz: 1_000 };

/** For programs that are larger than a chip's: eight tasks that hold a suite. */
const ROOMY_CHIP: Mode = { ...FAST_CHIP, switches: ["--release", ...ROOMY] };

const mode = (name: string, ...switches: readonly string[]): Mode => ({
  ...ROOMY_CHIP,
  name: `${CHIP.name}, ${name}`,
  switches: [...ROOMY_CHIP.switches, ...switches],
});

/** The contract is kept in these. */
export const CHIP_MODES: readonly Mode[] = [
  mode("one core"),
  mode("lossy waits", "--lossy-waits"),
  mode("locked atomics", "--locked-atomics"),
];
