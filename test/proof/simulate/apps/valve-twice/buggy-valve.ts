/**
 * The greenhouse's valve with a bug: it has a ledger, and does not look at the flip-flop. So it
 * opens twice when its driver dies between the opening and the commit.
 */
import Digital from "embedded:io/digital";
import { delay, EINVAL, EOK, Ledger } from "reattach";
import { serve } from "reattach/service";
import { VALVE_PIN } from "../../../../../examples/greenhouse/pins.js";
import { Valve } from "../../../../../examples/greenhouse/services.js";

/** As the greenhouse's has it: the last watering that was done, and one word that is not used. */
const STATE_WORDS = 2;
const LEDGER = Object.freeze({ stateBytes: 4 * STATE_WORDS, clients: 1 });

export function main({ open_ms }: { readonly open_ms: number }): void {
  const valve = new Digital({ pin: VALVE_PIN, mode: Digital.Output });
  const ledger = new Ledger(LEDGER);
  const state = new Uint32Array(ledger.state.buffer, 0, STATE_WORDS);
  serve(
    Valve,
    {
      water({ number }) {
        if (number === state[0]) return EOK;
        if (number !== state[0]! + 1) return -EINVAL;
        valve.write(1);
        delay(open_ms);
        valve.write(0);
        state[0] = number;
        return EOK;
      },
      count: (_request, reply) => void (reply.waterings = state[0]!),
    },
    { ledger },
  );
}
