/**
 * The contract suite on the emulated chip: tasks of FreeRTOS on one core, in bands of priority. In
 * the modes that differ most: as it is, with waits that lose wake-ups, and with the locks that
 * Atomics take on RISC-V.
 */
import { contractTest } from "../xs-linux/contract.js";
import { CHIP_MODES } from "./chip.js";
import { LONG } from "./contract.js";

for (const mode of CHIP_MODES) contractTest(mode, { leftOut: LONG });
