/**
 * A server that crashes: it answers three calls, and no more.
 */
import { serve } from "reattach/service";
import { Numbers } from "./numbers.js";

const ANSWERS_OF_A_LIFE = 3;

export function main(): void {
  let answers = 0;
  serve(Numbers, {
    next(_request, reply) {
      if (answers === ANSWERS_OF_A_LIFE) throw new Error("three are enough");
      reply.number = ++answers;
    },
  });
}
