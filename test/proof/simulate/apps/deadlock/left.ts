/**
 * The left half asks the right one for its part.
 */
import { EOK } from "reattach";
import { open, serve } from "reattach/service";
import { Left, Right } from "./services.js";

const WEIGHT = 2;

export function main(): void {
  let right: ReturnType<typeof open<NonNullable<typeof Right.members>>> | undefined;
  serve(Left, {
    part: (_request, reply) => void (reply.weight = WEIGHT),
    whole(_request, reply) {
      right ??= open(Right);
      const status = right.part.send();
      reply.weight = WEIGHT + right.part.reply.weight;
      return status < 0 ? status : EOK;
    },
  });
}
