/**
 * The bug: the total is stable, but a coin whose reply was lost with the server is sent again, and
 * counts again.
 */
import { stableCommit, stableRead } from "reattach";
import { serve } from "reattach/service";
import { LooseTill } from "./services.js";

export function main(): void {
  const state = new Uint32Array(1);
  const bytes = new Uint8Array(state.buffer);
  stableRead(bytes);
  serve(LooseTill, {
    add(_request, reply) {
      reply.total = ++state[0]!;
      stableCommit(bytes, bytes.length);
    },
    total: (_request, reply) => void (reply.total = state[0]!),
  });
}
