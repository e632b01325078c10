/**
 * The wires of the board, and the sensor on them: change these for your board.
 */

/** The I2C bus, and the sensor's address on it. */
export const DATA_PIN = 21;
export const CLOCK_PIN = 22;
export const SENSOR_ADDRESS = 0x36;
/** What the sensor says of the wettest soil. */
export const MOISTURE_MAX = 1_000;

/** High opens the valve. A resistor holds it low while nobody drives it. */
export const VALVE_PIN = 25;
/** A flip-flop: high since the valve was opened, until CLEAR_PIN was high. */
export const OPENED_PIN = 26;
export const CLEAR_PIN = 27;
/** The gardener's switch: low when there is to be no more watering. */
export const SWITCH_PIN = 4;
