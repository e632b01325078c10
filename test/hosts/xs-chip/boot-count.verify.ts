/**
 * Boot loops on the emulated chip, whose preferences survive a restart.
 */
import { bootCountTests } from "../xs-linux/boot-count.js";
import { CHIP } from "./chip.js";

bootCountTests(CHIP);
