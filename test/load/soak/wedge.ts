/**
 * A task of the soak that serves for a while and then loops in its own code: nothing but its
 * heartbeat tells. Meanwhile it registers and withdraws names, and sends pulses to itself.
 */
import {
  ConnectAttach,
  ConnectDetach,
  delay,
  MsgReceivePulse,
  MsgSendPulse,
  name_attach,
  name_detach,
  name_open,
} from "reattach";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { END } from "../stress/protocol.js";

const PAUSE_MS = 5;
/** The share of rounds after which it loops: every ten seconds or so. */
const WEDGE_SHARE = 0.0005;

export function main({ seed }: { seed: number }): void {
  // Another life, another time.
  const random = seededRandom(seed + performance.now());
  const pulse = new Uint8Array(16);
  for (;;) {
    const chid = name_attach(null, "wedge", 0);
    const coid = ConnectAttach(0, 0, chid, 0, 0);
    MsgSendPulse(coid, -1, 1, 1);
    MsgReceivePulse(chid, pulse, pulse.length, null);
    ConnectDetach(coid);
    name_detach(chid, 0);
    // Not at the end of the soak: it could not obey the order to stop.
    if (random() < WEDGE_SHARE && name_open(END, 0) < 0) for (;;);
    delay(PAUSE_MS);
  }
}
