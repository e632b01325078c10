/**
 * Its server: echoes each message, until the name is lost or taken.
 */
import { errnoName, MsgReceive, MsgReply, name_attach } from "reattach";

export function main(): void {
  const chid = name_attach(null, "echo", 0);
  if (chid < 0) throw new Error(`echo: name_attach: ${errnoName(chid)}`);
  const message = new Uint8Array(128);
  for (;;) {
    const rcvid = MsgReceive(chid, message, message.length, null);
    if (rcvid > 0) MsgReply(rcvid, 0, message, message.length);
  }
}
