/**
 * The simulated board: a TMP102 in a room that gets warmer and colder.
 */
import type { BoardDescription } from "reattach/node";
import { CLOCK_PIN, DATA_PIN, SENSOR_ADDRESS } from "./pins.js";

/** From one reading to the next, on a circle. */
const STEP = 0.1;
const MEAN = 21;
const SWING = 4;
let phase = 0;

/** The register of the temperature: 1/16 °C in the upper twelve of its sixteen bits. */
function temperature(): number {
  phase += STEP;
  return Math.round((MEAN + SWING * Math.sin(phase)) * 16) << 4;
}

const board: BoardDescription = {
  i2c: [
    {
      data: DATA_PIN,
      clock: CLOCK_PIN,
      devices: { [SENSOR_ADDRESS]: { width: 2, registers: { 0x00: temperature } } },
    },
  ],
};

export default board;
