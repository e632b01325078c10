/**
 * A client whose server forgets who it is. restartRecovery waits for the server's successor, and
 * has the session rebuilt before the message is sent again.
 */
import { EOK, errnoName, restartRecovery } from "reattach";
import { open } from "reattach/service";
import { Desk } from "./desk.js";

const MESSAGES = 10;

export function main(): void {
  let logins = 0;
  const logIn = (): boolean => {
    logins++;
    return desk.login.send() === EOK;
  };
  // In a recovery login goes to the new server: the connection has the same number.
  const desk = open(Desk, { recovery: restartRecovery("desk", { rebuild: logIn }) });
  logIn();
  for (let i = 1; i <= MESSAGES; i++) {
    const status = desk.work.send();
    if (status !== EOK) throw new Error(`message ${i}: ${errnoName(status)}`);
    trace(`message ${i}: answer ${desk.work.reply.done}\n`);
  }
  trace(`done: ${logins} logins, and no message was refused\n`);
}
