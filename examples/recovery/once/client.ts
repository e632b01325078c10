/**
 * A client that adds to a counter, and is told the truth however often the counter crashes.
 */
import { ENOENT, ha_attach, MsgSend, name_open, restartRecovery, waitForName } from "reattach";
import { STEP } from "./counter.js";

const MESSAGES = 12;

export function main(): void {
  let coid = name_open("counter", 0);
  while (coid === -ENOENT) {
    waitForName("counter", Infinity);
    coid = name_open("counter", 0);
  }
  ha_attach(coid, restartRecovery("counter"), null, 0);
  const message = Uint8Array.of(STEP);
  let last = 0;
  for (let i = 1; i <= MESSAGES; i++) {
    last = MsgSend(coid, message, 1, null, 0);
    trace(`message ${i}: the counter is ${last}\n`);
  }
  trace(`done: ${last}, and ${MESSAGES} times ${STEP} is ${MESSAGES * STEP}\n`);
}
