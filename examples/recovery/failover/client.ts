/**
 * A client that goes to another service when its own is gone, and comes back when that one is.
 */
import { EOK, errnoName, restartRecovery, waitForName } from "reattach";
import { open } from "reattach/service";
import { PRIMARY, Primary, Spare } from "./services.js";

const MESSAGES = 20;

export function main(): void {
  waitForName(Spare.name, Infinity);
  // The first that is there. The primary takes a while to be started again; the spare is there.
  const recovery = restartRecovery([Primary.name, Spare.name]);
  const { ask } = open(Primary, { recovery });
  let answers = "";
  for (let i = 0; i < MESSAGES; i++) {
    const status = ask.send();
    if (status !== EOK) throw new Error(`message ${i}: ${errnoName(status)}`);
    answers += ask.reply.by === PRIMARY ? "P" : "s";
  }
  trace(`answers: ${answers}\n`);
  trace("done: somebody always answered\n");
}
