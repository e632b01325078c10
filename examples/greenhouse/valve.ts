/**
 * The driver of the valve, which must not open twice for one watering, wherever it dies.
 *
 * A ledger alone cannot know whether the valve has opened when the driver died at just that moment;
 * the hardware does. A flip-flop on the board is set when the valve opens. So for each watering:
 *
 *   1. clear the flip-flop
 *   2. commit the intent to do this watering
 *   3. open the valve, unless the flip-flop says that it was opened
 *   4. commit that it is done: serve() does it, together with the reply
 *
 * A driver that finds an intent goes on with 3. One that dies before 2 has done nothing; after it,
 * the flip-flop tells. The valve closes with the death: its resistor pulls it down.
 *
 * A pin may be stuck. Then the flip-flop does not follow, and the driver dies of it: its next life
 * opens the pins anew, and does this watering.
 */
import Digital from "embedded:io/digital";
import { delay, EINVAL, EOK, Ledger } from "reattach";
import { serve } from "reattach/service";
import { CLEAR_PIN, OPENED_PIN, VALVE_PIN } from "./pins.js";
import { Valve } from "./services.js";

/** The state in the ledger, in words: the last watering that was done, and the one intended. */
const DONE = 0;
const INTENT = 1;
const STATE_WORDS = 2;
/** One client asks for water. */
const LEDGER = Object.freeze({ stateBytes: 4 * STATE_WORDS, clients: 1 });

/** Serves for ever. `open_ms`: how long a watering takes. */
export function main({ open_ms }: { readonly open_ms: number }): void {
  const valve = new Digital({ pin: VALVE_PIN, mode: Digital.Output });
  const opened = new Digital({ pin: OPENED_PIN, mode: Digital.Input });
  const clear = new Digital({ pin: CLEAR_PIN, mode: Digital.Output });
  const ledger = new Ledger(LEDGER);
  const state = new Uint32Array(ledger.state.buffer, 0, STATE_WORDS);
  serve(
    Valve,
    {
      water({ number }) {
        // It was done, and the client died before it heard of it.
        if (number === state[DONE]) return EOK;
        if (number !== state[DONE]! + 1) return -EINVAL;
        if (state[INTENT] !== number) {
          clear.write(1);
          clear.write(0);
          if (opened.read() === 1) throw new Error("the flip-flop is not cleared: a pin is stuck");
          state[INTENT] = number;
          ledger.commit();
        }
        if (opened.read() === 0) {
          valve.write(1);
          if (opened.read() === 0) throw new Error("the valve has not opened: a pin is stuck");
          delay(open_ms);
          valve.write(0);
        }
        state[DONE] = number;
        return EOK;
      },
      count(_request, reply) {
        reply.waterings = state[DONE]!;
      },
    },
    { ledger },
  );
}
