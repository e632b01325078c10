/**
 * The greenhouse in the simulator: soil that dries, a sensor in it, a valve with its flip-flop.
 */
import type { BoardHands, BoardModule } from "reattach/node";
import {
  CLEAR_PIN,
  CLOCK_PIN,
  DATA_PIN,
  MOISTURE_MAX,
  OPENED_PIN,
  SENSOR_ADDRESS,
  SWITCH_PIN,
  VALVE_PIN,
} from "./pins.js";

/** The soil dries by so much from one look at it to the next. */
const DRIES = 50;
/** One opening of the valve: three looks until it is dry again. */
const POURS = 150;

/** Of the soil. */
let moisture = 0.5 * MOISTURE_MAX;
let openings = 0;

function look(): number {
  moisture = Math.max(0, moisture - DRIES);
  return moisture;
}

const board: BoardModule = (hands: BoardHands) => ({
  i2c: [
    {
      data: DATA_PIN,
      clock: CLOCK_PIN,
      devices: {
        [SENSOR_ADDRESS]: {
          read: () => {
            const now = look();
            const [high, low] = [now >> 8, now & 0xff];
            return [high, low, high ^ 0xff, low ^ 0xff];
          },
        },
      },
    },
  ],
  pins: {
    [VALVE_PIN]: {
      pull: "down",
      onLevel: (level) => {
        if (level === 0) return;
        openings++;
        moisture = Math.min(MOISTURE_MAX, moisture + POURS);
        hands.drive(OPENED_PIN, 1);
      },
    },
    [OPENED_PIN]: { level: 0 },
    [CLEAR_PIN]: {
      pull: "down",
      onLevel: (level) => {
        if (level === 1) hands.drive(OPENED_PIN, 0);
      },
    },
    [SWITCH_PIN]: { pull: "up" },
  },
});

export default board;

export const controls = {
  /** How often the valve has opened since the board was switched on. */
  openings: () => openings,
};
