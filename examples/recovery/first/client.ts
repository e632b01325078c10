/**
 * A client with a recovery function of its own: it does not notice that the server crashes.
 */
import { ENOENT, EOK, errnoName, ESRCH, ha_reopen, waitForName } from "reattach";
import { open } from "reattach/service";
import { Numbers } from "./numbers.js";

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

export function main(): void {
  const { next } = open(Numbers, { recovery: recover });
  for (let i = 1; i <= MESSAGES; i++) {
    const status = next.send();
    if (status !== EOK) throw new Error(`message ${i}: ${errnoName(status)}`);
    trace(`message ${i}: answer ${next.reply.number}\n`);
  }
  trace("done: no message failed\n");
}
