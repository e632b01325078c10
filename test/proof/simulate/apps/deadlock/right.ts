/**
 * The right half asks nobody: it has been told what the left one weighs.
 */
import { serve } from "reattach/service";
import { Right } from "./services.js";

const WEIGHT = 3;
const LEFT_WEIGHT = 2;

export function main(): void {
  serve(Right, {
    part: (_request, reply) => void (reply.weight = WEIGHT),
    whole: (_request, reply) => void (reply.weight = WEIGHT + LEFT_WEIGHT),
  });
}
