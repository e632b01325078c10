/**
 * A client that is killed again and again, in all the ways of waiting there are: with and without
 * a time limit, sending pulses, opening and closing connections and channels.
 */
import {
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  ChannelCreate,
  ChannelDestroy,
  ConnectAttach,
  ConnectDetach,
  delay,
  MsgSend,
  MsgSendPulse,
  name_open,
  TimerTimeout,
} from "reattach";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { BYTES, SERVICES } from "./protocol.js";

/** What it is told. */
interface VictimArgs {
  readonly seed: number;
  /** Its pause after each round. Where priorities are strict it keeps all below it from running. */
  readonly rest_ms?: number;
}

export function main({ seed, rest_ms = 0 }: VictimArgs): void {
  const random = seededRandom(seed);
  const bytes = new Uint8Array(BYTES);
  for (;;) {
    const chid = ChannelCreate(0);
    const self = ConnectAttach(0, 0, chid, 0, 0);
    const coid = name_open(SERVICES[Math.floor(random() * SERVICES.length)]!, 0);
    // Its service is just being started: leave it the processor.
    if (coid < 0) delay(1);
    for (let i = 0; i < 10; i++) {
      if (random() < 0.5) TimerTimeout(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, random() * 0.2);
      MsgSend(coid, bytes, BYTES, bytes, BYTES);
      MsgSendPulse(self, -1, 1, i);
    }
    ConnectDetach(coid);
    ConnectDetach(self);
    ChannelDestroy(chid);
    if (rest_ms > 0) delay(rest_ms);
  }
}
