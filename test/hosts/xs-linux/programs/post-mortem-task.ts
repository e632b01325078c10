/**
 * A client that recovers, and a server that dies after so many messages in its first life.
 */
import {
  delay,
  ha_open,
  MsgReceive,
  MsgReply,
  MsgSend,
  name_attach,
  restartRecovery,
  stableCommit,
  stableRead,
} from "reattach";

const NAME = "mortal";
const PAUSE_MS = 5;

function serve(most: number): void {
  const chid = name_attach(null, NAME, 0);
  const message = new Uint8Array(8);
  const count = stableRead(new Uint8Array(1)) > 0 ? Infinity : most;
  stableCommit(Uint8Array.of(1), 1);
  for (let i = 0; i < count; i++) {
    const rcvid = MsgReceive(chid, message, message.length, null);
    if (rcvid > 0) MsgReply(rcvid, 0, null, 0);
  }
  throw new Error("as it is to");
}

function ask(): void {
  let coid = -1;
  for (; coid < 0; delay(PAUSE_MS)) coid = ha_open(NAME, 0, restartRecovery(NAME), null, 0);
  for (;;) {
    MsgSend(coid, new Uint8Array(8), 8, null, 0);
    delay(PAUSE_MS);
  }
}

/** `most` is 0 for the client. */
export function main({ most }: { most: number }): void {
  if (most === 0) ask();
  else serve(most);
}
