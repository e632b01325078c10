/**
 * The bench's client: when it is told a number of rounds it sends as many messages of 64 bytes,
 * and answers with the microseconds they took.
 */
import {
  MsgReceive,
  MsgReply,
  MsgSend,
  name_attach,
  name_open,
  uptime,
  waitForName,
} from "reattach";
import { BYTES } from "./server.js";

/** `echo` is the name of the server. */
export function main({ echo = "echo" }: { readonly echo?: string } = {}): void {
  const chid = name_attach(null, "client", 0);
  let coid = name_open(echo, 0);
  while (coid < 0) {
    waitForName(echo, Infinity);
    coid = name_open(echo, 0);
  }
  const rounds = new Int32Array(1);
  const order = new Uint8Array(rounds.buffer);
  const message = new Uint8Array(BYTES);
  const reply = new Uint8Array(BYTES);
  for (;;) {
    const rcvid = MsgReceive(chid, order, order.length, null);
    if (rcvid <= 0) continue;
    const start = uptime();
    for (let i = 0; i < rounds[0]!; i++) {
      const status = MsgSend(coid, message, BYTES, reply, BYTES);
      if (status !== 0) throw new Error(`MsgSend: ${status}`);
    }
    MsgReply(rcvid, Math.round((uptime() - start) * 1000), null, 0);
  }
}
