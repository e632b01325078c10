/**
 * The till: its total and the last reply are committed together.
 */
import { Ledger } from "reattach";
import { serve } from "reattach/service";
import { Till } from "./services.js";

export function main(): void {
  const ledger = new Ledger({ stateBytes: 4, replyBytes: 4, clients: 1 });
  const state = new Uint32Array(ledger.state.buffer, 0, 1);
  serve(
    Till,
    {
      add: (_request, reply) => void (reply.total = ++state[0]!),
      total: (_request, reply) => void (reply.total = state[0]!),
    },
    { ledger },
  );
}
