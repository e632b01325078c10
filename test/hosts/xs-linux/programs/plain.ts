/**
 * A task of a board without HAM: one that answers, or one that asks and counts the answers in its
 * stable state.
 */
import {
  delay,
  ha_creat,
  MsgReceive,
  MsgReply,
  MsgSend,
  name_attach,
  restartRecovery,
  stableCommit,
} from "reattach";

const SERVICE = "answers";
const STATUS = 7;
const PAUSE_MS = 5;

function answer(): void {
  const chid = name_attach(null, SERVICE, 0);
  for (;;) {
    const rcvid = MsgReceive(chid, null, 0, null);
    if (rcvid > 0) MsgReply(rcvid, STATUS, null, 0);
  }
}

/** As many bytes of stable state as there were answers. */
function ask(most: number): void {
  const answers = new Uint8Array(most);
  const coid = ha_creat(SERVICE, 0, restartRecovery(SERVICE), null, 0);
  for (let count = 1; count <= most; count++) {
    const status = MsgSend(coid, null, 0, null, 0);
    if (status !== STATUS) throw new Error(`the answer is ${status}`);
    stableCommit(answers, count);
    delay(PAUSE_MS);
  }
}

export function main({ most }: { most: number }): void {
  if (most === 0) answer();
  else ask(most);
}
