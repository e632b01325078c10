/**
 * The device host when things go wrong, on the emulated chip.
 */
import { faultTests } from "../xs-linux/faults.js";
import { CHIP } from "./chip.js";

faultTests(CHIP);
