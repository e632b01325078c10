/**
 * Keeps notes of all boards. A note takes effect once, also when it is sent again because this task
 * has died with it.
 */
import { EOK, Ledger } from "reattach";
import { serve } from "reattach/service";
import { Log } from "./services.js";

export function main(): void {
  const ledger = new Ledger({ stateBytes: 4, replyBytes: 4, clients: 8 });
  const count = new Uint32Array(ledger.state.buffer, 0, 1);
  serve(
    Log,
    {
      note({ board, number, degrees }, reply) {
        count[0]!++;
        console.log(`note ${number} of ${board}: ${degrees.toFixed(1)} degrees`);
        reply.count = count[0]!;
        return EOK;
      },
    },
    { ledger },
  );
}
