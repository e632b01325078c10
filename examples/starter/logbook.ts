/**
 * Counts readings and keeps the warmest. Its state outlives it, and each note counts once: the
 * ledger keeps both together.
 */
import { Ledger } from "reattach";
import { serve } from "reattach/service";
import { Journal } from "./journal.js";

/** `notes`, and `warmest` as it is in a reply: both come to 8 bytes. */
const STATE_BYTES = 8;
const REPLY_BYTES = 8;
/** Tasks that write to it, and the next life of each. */
const CLIENTS = 2;

export function main(): void {
  const ledger = new Ledger({
    stateBytes: STATE_BYTES,
    replyBytes: REPLY_BYTES,
    clients: CLIENTS,
  });
  const state = new DataView(ledger.state.buffer, ledger.state.byteOffset, STATE_BYTES);
  serve(
    Journal,
    {
      note({ celsius }, reply) {
        const notes = state.getUint32(0, true) + 1;
        const warmest = notes === 1 ? celsius : Math.max(state.getFloat32(4, true), celsius);
        state.setUint32(0, notes, true);
        state.setFloat32(4, warmest, true);
        reply.notes = notes;
        reply.warmest = warmest;
      },
    },
    { ledger },
  );
}
