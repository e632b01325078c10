/**
 * The clock. It gives up now and then, as its quartz does.
 */
import { uptime } from "reattach";
import { serve } from "reattach/service";
import { Clock } from "./services.js";

const READINGS = 20;

export function main(): void {
  let count = 0;
  serve(Clock, {
    read(_request, reply) {
      if (++count > READINGS) throw new Error("the quartz has stopped");
      reply.time_ms = uptime();
    },
  });
}
