/**
 * A client that goes to another service when its own is gone, and comes back when that one is.
 */
import { ENOENT, ha_attach, MsgSend, name_open, restartRecovery, waitForName } from "reattach";
import { PRIMARY } from "./server.js";

const MESSAGES = 20;

export function main(): void {
  let coid = name_open("primary", 0);
  while (coid === -ENOENT) {
    waitForName("primary", Infinity);
    coid = name_open("primary", 0);
  }
  waitForName("spare", Infinity);
  // The first that is there. The primary takes a while to be started again; the spare is there.
  ha_attach(coid, restartRecovery(["primary", "spare"]), null, 0);
  let answers = "";
  for (let i = 0; i < MESSAGES; i++) {
    answers += MsgSend(coid, null, 0, null, 0) === PRIMARY ? "P" : "s";
  }
  trace(`answers: ${answers}\n`);
  trace("done: somebody always answered\n");
}
