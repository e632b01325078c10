/**
 * Squares numbers.
 */
import { serve } from "reattach/service";
import { Squares } from "./services.js";

export function main(): void {
  serve(Squares, { of: ({ number }, reply) => void (reply.square = number * number) });
}
