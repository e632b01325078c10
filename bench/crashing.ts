/**
 * A server of restart.ts: answers, and throws when it is told to.
 */
import { MsgReceive, MsgReply, name_attach } from "reattach";

export const CRASH = 1;

export function main({ name }: { name: string }): void {
  const chid = name_attach(null, name, 0);
  const message = new Uint8Array(1);
  for (;;) {
    const rcvid = MsgReceive(chid, message, 1, null);
    if (rcvid > 0 && message[0] === CRASH) throw new Error("told to crash");
    if (rcvid > 0) MsgReply(rcvid, 0, null, 0);
  }
}
