/**
 * Strategy x kind of death on the emulated chip, where a task that is terminated is deleted.
 */
import { matrixTests } from "../xs-linux/matrix.js";
import { FAST_CHIP } from "./chip.js";

matrixTests(FAST_CHIP);
