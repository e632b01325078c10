/**
 * Where the sensor is: change these for your board.
 */
export const DATA_PIN = 21;
export const CLOCK_PIN = 22;
export const SENSOR_ADDRESS = 0x48;
