/**
 * The server of the board check: adds one, and dies in the ways that it is asked to.
 */
import { EOK } from "reattach";
import { LATER, serve } from "reattach/service";
import { Adder, FILL, NOT } from "./services.js";

const BLOCK_BYTES = 512;

function fillMemory(): never {
  const blocks: Uint8Array[] = [];
  for (;;) blocks.push(new Uint8Array(BLOCK_BYTES));
}

/** Serves until it dies. */
export function main(): void {
  let late = 0;
  serve(Adder, {
    add({ value, end }, reply, { calls, rcvid }) {
      // Nobody waits for that one any more.
      if (late !== 0) calls.late.answer(late, EOK);
      late = 0;
      reply.sum = value + 1;
      if (end === NOT) return EOK;
      // It dies when it has answered: so the next question finds nobody.
      calls.add.answer(rcvid, EOK);
      if (end === FILL) fillMemory();
      throw new Error("as it was asked to");
    },
    late(_request, _reply, { rcvid }) {
      late = rcvid;
      return LATER;
    },
  });
}
