/**
 * The sensor's driver: serves the readings by number. It keeps no state, so a successor can answer
 * for it at once.
 */
import { openRecording } from "recording";
import { serve } from "reattach/service";
import { Readings } from "./readings.js";
import { DAY, NOTHING, Sensor, YEAR } from "./services.js";

/** Serves for ever. A number past the end begins the year again. */
export function main(): void {
  const readings = new Readings(openRecording());
  serve(Sensor, {
    read({ number }, reply) {
      const index = number % readings.count;
      readings.read(index, reply);
      reply.number = number;
      if (index + 1 === readings.count) reply.ends = YEAR;
      else reply.ends = readings.endsDay(index) ? DAY : NOTHING;
    },
  });
}
