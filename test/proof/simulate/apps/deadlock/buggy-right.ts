/**
 * The bug: the right half asks the left one, which may be asking the right one.
 */
import { EOK } from "reattach";
import { open, serve } from "reattach/service";
import { Left, Right } from "./services.js";

const WEIGHT = 3;

export function main(): void {
  let left: ReturnType<typeof open<NonNullable<typeof Left.members>>> | undefined;
  serve(Right, {
    part: (_request, reply) => void (reply.weight = WEIGHT),
    whole(_request, reply) {
      left ??= open(Left);
      const status = left.part.send();
      reply.weight = WEIGHT + left.part.reply.weight;
      return status < 0 ? status : EOK;
    },
  });
}
