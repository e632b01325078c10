/**
 * A client with a recovery function of its own: it does not notice that the service crashes.
 */
import { delay, ENOENT, ESRCH, ha_open, ha_reopen, MsgSend } from "reattach";

const MESSAGES = 10;
/** How often to look whether the service is there. */
const LOOK_MS = 5;

/** Called when a send has failed because the server is dead: connects to its successor. */
function recover(lost: number): number {
  for (;;) {
    const coid = ha_reopen(lost, "numbers", 0);
    // The same number: the message is sent again. Another error: the sender gets the old one.
    if (coid !== -ENOENT && coid !== -ESRCH) return coid;
    delay(LOOK_MS);
  }
}

function open(): number {
  for (;;) {
    const coid = ha_open("numbers", 0, recover, null, 0);
    if (coid !== -ENOENT) return coid;
    delay(LOOK_MS);
  }
}

export function main(): void {
  const coid = open();
  for (let i = 1; i <= MESSAGES; i++) {
    trace(`message ${i}: answer ${MsgSend(coid, null, 0, null, 0)}\n`);
  }
  trace("done: no message failed\n");
}
