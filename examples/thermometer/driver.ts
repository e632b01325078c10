/**
 * The server: answers for eight sensors, which are invented.
 */
import { uptime } from "reattach";
import { serve } from "reattach/service";
import { Thermometer } from "./thermometer.js";

export function main(): void {
  serve(Thermometer, {
    read(request, reply) {
      reply.celsius = 20.5 + request.sensor;
      reply.at_ms = uptime();
    },
  });
}
