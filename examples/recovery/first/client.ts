/**
 * A client with a recovery function of its own: it does not notice that the service crashes.
 */
import { ENOENT, ESRCH, ha_open, ha_reopen, MsgSend, waitForName } from "reattach";

const MESSAGES = 10;
/** How long it waits for a successor. */
const LIMIT_MS = 10_000;

/** Called when a send has failed because the server is dead: connects to its successor. */
function recover(lost: number): number {
  while (waitForName("numbers", LIMIT_MS) === 0) {
    const coid = ha_reopen(lost, "numbers", 0);
    // The same number: the message is sent again. Another error: the sender gets the old one.
    if (coid !== -ENOENT && coid !== -ESRCH) return coid;
  }
  return -1;
}

function open(): number {
  for (;;) {
    waitForName("numbers", Infinity);
    const coid = ha_open("numbers", 0, recover, null, 0);
    if (coid !== -ENOENT) return coid;
  }
}

export function main(): void {
  const coid = open();
  for (let i = 1; i <= MESSAGES; i++) {
    trace(`message ${i}: answer ${MsgSend(coid, null, 0, null, 0)}\n`);
  }
  trace("done: no message failed\n");
}
