/**
 * The driver of a network: it needs a while to open its service. Its first life ends by itself,
 * each later one soon after somebody has begun to use it.
 */
import { delay, MsgReceive, MsgReply, name_attach, stableCommit, stableRead } from "reattach";

const OPENING_MS = 100;
const LIFE_MS = 100;

function serveOne(chid: number): void {
  let rcvid = 0;
  while (rcvid <= 0) rcvid = MsgReceive(chid, null, 0, null);
  MsgReply(rcvid, 0, null, 0);
}

export function main(): void {
  const isFirst = stableRead(new Uint8Array(1)) === 0;
  stableCommit(Uint8Array.of(1), 1);
  delay(OPENING_MS);
  const chid = name_attach(null, "socket", 0);
  if (!isFirst) serveOne(chid);
  delay(LIFE_MS);
  throw new Error("the driver has crashed");
}
