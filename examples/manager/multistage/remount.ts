/**
 * Started by the manager when the driver's service is there again: puts back what hung on it.
 */
import { MsgSend, name_close, name_open, stableCommit, stableRead } from "reattach";

const TIMES = 2;

export function main(): void {
  const socket = name_open("socket", 0);
  trace(`remount: socket ${socket >= 0 ? "is there" : "is missing"}\n`);
  if (socket >= 0) {
    MsgSend(socket, null, 0, null, 0);
    name_close(socket);
  }
  const times = new Uint8Array(1);
  stableRead(times);
  times[0]! += 1;
  stableCommit(times, 1);
  if (times[0] === TIMES) trace("done: mounted again after each crash\n");
}
