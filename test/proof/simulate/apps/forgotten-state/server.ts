/**
 * The meter. It forgets its scale when it dies.
 */
import { serve } from "reattach/service";
import { Meter } from "./services.js";

const MEASURED = 10;

export function main(): void {
  let scale = 1;
  serve(Meter, {
    setScale: (request) => void (scale = request.scale),
    read: (_request, reply) => void (reply.value = scale * MEASURED),
  });
}
