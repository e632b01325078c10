/**
 * The desk. It forgets who has logged in when it crashes.
 */
import { EOK, EPERM } from "reattach";
import { serve } from "reattach/service";
import { Desk } from "./desk.js";

const WORK_OF_A_LIFE = 4;

export function main(): void {
  let isKnown = false;
  let done = 0;
  serve(Desk, {
    login: () => void (isKnown = true),
    work(_request, reply) {
      if (!isKnown) return -EPERM;
      if (done === WORK_OF_A_LIFE) throw new Error("the desk is closed");
      reply.done = ++done;
      return EOK;
    },
  });
}
