/**
 * Started by the manager when the driver's service is there again: puts back what hung on it.
 */
import { EOK, stableCommit, stableRead, waitForName } from "reattach";
import { open } from "reattach/service";
import { Socket } from "./socket.js";

const TIMES = 2;

export function main(): void {
  // It does not have to wait: the manager has.
  const isThere = waitForName(Socket.name, 0) === EOK;
  const isMounted = isThere && open(Socket).mount.send() === EOK;
  trace(`remount: socket ${isMounted ? "is there" : "is missing"}\n`);
  const times = new Uint8Array(1);
  stableRead(times);
  times[0]! += 1;
  stableCommit(times, 1);
  if (times[0] === TIMES) trace("done: mounted again after each crash\n");
}
