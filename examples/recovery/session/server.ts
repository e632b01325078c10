/**
 * A service with sessions: who has not said HELLO gets an error. It forgets them when it crashes.
 */
import { EPERM, MsgError, MsgReceive, MsgReply, name_attach } from "reattach";

/** Messages are one byte. */
export const HELLO = 1;
export const WORK = 2;
const WORK_OF_A_LIFE = 4;

export function main(): void {
  const chid = name_attach(null, "desk", 0);
  if (chid < 0) throw new Error(`name_attach: ${chid}`);
  const message = new Uint8Array(1);
  let isKnown = false;
  for (let done = 0; done < WORK_OF_A_LIFE;) {
    const rcvid = MsgReceive(chid, message, 1, null);
    if (rcvid <= 0) continue;
    if (message[0] === HELLO) isKnown = true;
    if (!isKnown) {
      MsgError(rcvid, EPERM);
      continue;
    }
    if (message[0] === WORK) done++;
    MsgReply(rcvid, done, null, 0);
  }
  throw new Error("the desk is closed");
}
