/**
 * The bench's server: answers every message with its own 64 bytes.
 */
import { MsgReceive, MsgReply, name_attach } from "reattach";

export const BYTES = 64;

export function main(): void {
  const chid = name_attach(null, "echo", 0);
  if (chid < 0) throw new Error(`name_attach: ${chid}`);
  const message = new Uint8Array(BYTES);
  for (;;) {
    const rcvid = MsgReceive(chid, message, BYTES, null);
    if (rcvid > 0) MsgReply(rcvid, 0, message, BYTES);
  }
}
