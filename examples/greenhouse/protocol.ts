/**
 * What the tasks of the greenhouse say to each other, and the wires of its board.
 *
 * A message is two 32-bit words: what is asked, and a value. Its answer is one word.
 */

/** The sensor: answers READ with the moisture of the soil, 0 to 1,000. */
export const SENSOR = "sensor";
/** The valve: WATER opens it once for each number, COUNT answers the last number. */
export const VALVE = "valve";

/** Types of messages: numbers that no other service uses by chance. */
export const READ = 0x7101;
export const WATER = 0x7201;
export const COUNT = 0x7202;

export const MESSAGE_BYTES = 8;
export const ANSWER_BYTES = 4;

/** A message, as words and as bytes. */
export interface Message {
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
}

export function createMessage(): Message {
  const words = new Int32Array(MESSAGE_BYTES / Int32Array.BYTES_PER_ELEMENT);
  return { words, bytes: new Uint8Array(words.buffer) };
}

/** Wires of the I2C bus, and the sensor's address on it. */
export const DATA_PIN = 21;
export const CLOCK_PIN = 22;
export const SENSOR_ADDRESS = 0x36;

/** High opens the valve. A resistor holds it low while nobody drives it. */
export const VALVE_PIN = 25;
/** A flip-flop: high since the valve was opened, until CLEAR_PIN was high. */
export const OPENED_PIN = 26;
export const CLEAR_PIN = 27;
/** The gardener's switch: low when there is to be no more watering. */
export const SWITCH_PIN = 4;

/** The wettest soil that there is. */
export const MOISTURE_MAX = 1_000;
