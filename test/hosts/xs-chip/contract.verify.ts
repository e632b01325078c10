/**
 * The contract suite on the emulated chip: tasks of FreeRTOS on one core, in bands of priority. In
 * the modes that differ most: as it is, with waits that lose wake-ups, and with the locks that
 * Atomics take on RISC-V.
 */
import { contractTest } from "../xs-linux/contract.js";
import { CHIP_MODES } from "./chip.js";

/** It takes longer than all others together, and what it counts is the same everywhere. */
const LONG = ["ChannelCreate: 20,000 times, with everything on it: nothing leaks"];

for (const mode of CHIP_MODES) contractTest(mode, { leftOut: LONG });
