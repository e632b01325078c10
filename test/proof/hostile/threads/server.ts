/**
 * The honest server: answers each message with its bytes, turned over, whoever it comes from.
 */
import {
  _NTO_CHF_DISCONNECT,
  _NTO_CHF_UNBLOCK,
  _PULSE_CODE_DISCONNECT,
  _PULSE_CODE_UNBLOCK,
  ChannelCreate,
  ConnectDetach,
  createMsgInfo,
  createPulse,
  MsgError,
  MsgReceive,
  MsgReply,
  name_attach,
  readPulse,
} from "reattach";
import { SERVICE } from "./tasks.js";

export function main(): void {
  const chid = ChannelCreate(_NTO_CHF_DISCONNECT | _NTO_CHF_UNBLOCK);
  if (name_attach({ chid }, SERVICE, 0) !== chid) throw new Error("name_attach");
  const message = new Uint8Array(64);
  const info = createMsgInfo();
  const pulse = createPulse();
  for (;;) {
    const rcvid = MsgReceive(chid, message, message.length, info);
    if (rcvid > 0) {
      const { msglen } = info;
      for (let i = 0; i < msglen; i++) message[i] = message[i]! ^ 0xff;
      MsgReply(rcvid, 7, message, msglen);
    } else if (rcvid === 0) {
      readPulse(message, pulse);
      if (pulse.code === _PULSE_CODE_DISCONNECT) ConnectDetach(pulse.scoid);
      else if (pulse.code === _PULSE_CODE_UNBLOCK) MsgError(pulse.value, -1);
    } else {
      throw new Error(`MsgReceive: ${rcvid}`);
    }
  }
}
