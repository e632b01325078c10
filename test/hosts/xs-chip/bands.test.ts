/**
 * Kills under load on the emulated chip, in the order of priorities in which a client waits for all
 * others: see bands.verify.ts.
 */
import { bandsTest } from "../xs-linux/bands.js";
import { STRESS_MODES } from "./chip.js";

const MESSAGES = 400;

bandsTest(STRESS_MODES.at(-1)!, MESSAGES, { clients: 10, services: 30, victim: 50 });
