/**
 * The driver of the sensor, a TMP102 on an I2C bus. It knows no remedy for a bus that fails: it
 * throws, is started again, and its clients do not notice.
 */
import I2C from "embedded:io/i2c";
import { serve } from "reattach/service";
import { CLOCK_PIN, DATA_PIN, SENSOR_ADDRESS } from "./pins.js";
import { Thermometer } from "./thermometer.js";

/** The register of the temperature: twelve bits in two bytes, high one first, of 1/16 °C. */
const TEMPERATURE = Object.freeze([0x00]);
const STEPS_PER_DEGREE = 16;

export function main(): void {
  const bus = new I2C({ data: DATA_PIN, clock: CLOCK_PIN, address: SENSOR_ADDRESS, hz: 100_000 });
  const register = Uint8Array.from(TEMPERATURE);
  const bytes = new Uint8Array(2);
  serve(Thermometer, {
    read(_request, reply) {
      bus.write(register);
      bus.read(bytes);
      const [high = 0, low = 0] = bytes;
      // Shifted up first, so that the sign goes down with it.
      reply.celsius = (((high << 24) >> 20) | (low >> 4)) / STEPS_PER_DEGREE;
    },
  });
}
