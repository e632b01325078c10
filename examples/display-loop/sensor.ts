/**
 * A sensor's driver that crashes now and then, as drivers do.
 */
import { serve } from "reattach/service";
import { Thermometer } from "./thermometer.js";

/** Readings until the bus gets stuck. */
const READINGS_OF_A_LIFE = 60;

/** It measures between 20 and 25 degrees. */
function measure(reading: number): number {
  return 20 + (reading % 50) / 10;
}

/** Serves until the bus gets stuck. */
export function main(): void {
  let readings = 0;
  serve(Thermometer, {
    read(_request, reply) {
      if (readings === READINGS_OF_A_LIFE) throw new Error("the sensor's bus is stuck");
      reply.celsius = measure(readings++);
    },
  });
}
