/**
 * The client of restart.ts: crashes a server and tells how long its next answer took.
 */
import {
  ESRCH,
  ha_attach,
  MsgReceive,
  MsgReply,
  MsgSend,
  name_attach,
  name_close,
  name_open,
  restartRecovery,
  uptime,
  waitForName,
} from "reattach";
import { CRASH } from "./crashing.js";

/** What the second word of an order says. */
export const PLAIN_SERVER = 0;
export const STANDBY_SERVER = 1;

/** A connection to a server, for its crashes, and one that is recovered. */
function open(name: string): number {
  let coid = name_open(name, 0);
  while (coid < 0) {
    waitForName(name, Infinity);
    coid = name_open(name, 0);
  }
  ha_attach(coid, restartRecovery(name), null, 0);
  return coid;
}

export function main(): void {
  const chid = name_attach(null, "client", 0);
  const names = ["plain", "spared"];
  const coids = names.map(open);
  const order = new Int32Array(2);
  const bytes = new Uint8Array(order.buffer);
  const crash = Uint8Array.of(CRASH);
  const ask = Uint8Array.of(0);
  for (;;) {
    const rcvid = MsgReceive(chid, bytes, bytes.length, null);
    if (rcvid <= 0) continue;
    const which = order[1]!;
    const crasher = name_open(names[which]!, 0);
    const start = uptime();
    // It is not recovered: -ESRCH says that the server is dead.
    const crashed = MsgSend(crasher, crash, 1, null, 0);
    const status = MsgSend(coids[which]!, ask, 1, null, 0);
    const us = Math.round((uptime() - start) * 1_000);
    name_close(crasher);
    if (crashed !== -ESRCH || status !== 0) throw new Error(`${crashed}, then ${status}`);
    MsgReply(rcvid, us, null, 0);
  }
}
