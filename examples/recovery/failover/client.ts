/**
 * A client that goes to another service when its own is gone, and comes back when that one is.
 */
import { delay, ENOENT, ha_attach, MsgSend, name_open, restartRecovery } from "reattach";
import { PRIMARY } from "./server.js";

const MESSAGES = 20;
const LOOK_MS = 5;

export function main(): void {
  let coid = name_open("primary", 0);
  while (coid === -ENOENT || name_open("spare", 0) === -ENOENT) {
    delay(LOOK_MS);
    if (coid < 0) coid = name_open("primary", 0);
  }
  // The first that is there. The primary takes a while to be started again; the spare is there.
  ha_attach(coid, restartRecovery(["primary", "spare"]), null, 0);
  let answers = "";
  for (let i = 0; i < MESSAGES; i++) {
    answers += MsgSend(coid, null, 0, null, 0) === PRIMARY ? "P" : "s";
  }
  trace(`answers: ${answers}\n`);
  trace("done: somebody always answered\n");
}
