/**
 * A client whose server forgets who it is. restartRecovery waits for the server's successor, and
 * has the session rebuilt before the message is sent again.
 */
import { ENOENT, ha_attach, MsgSend, name_open, restartRecovery, waitForName } from "reattach";
import { HELLO, WORK } from "./server.js";

const MESSAGES = 10;

const hello = Uint8Array.of(HELLO);
const work = Uint8Array.of(WORK);

function login(coid: number): boolean {
  return MsgSend(coid, hello, 1, null, 0) >= 0;
}

export function main(): void {
  let coid = name_open("desk", 0);
  while (coid === -ENOENT) {
    waitForName("desk", Infinity);
    coid = name_open("desk", 0);
  }
  login(coid);
  let logins = 1;
  const rebuild = (found: number): boolean => {
    logins++;
    return login(found);
  };
  ha_attach(coid, restartRecovery("desk", { rebuild }), null, 0);
  for (let i = 1; i <= MESSAGES; i++) {
    trace(`message ${i}: answer ${MsgSend(coid, work, 1, null, 0)}\n`);
  }
  trace(`done: ${logins} logins, and no message was refused\n`);
}
