/**
 * A client that adds to a counter, and is told the truth however often the counter crashes.
 */
import { EOK, errnoName } from "reattach";
import { open } from "reattach/service";
import { Counter } from "./counter.js";

const MESSAGES = 12;
const STEP = 5;

export function main(): void {
  const { add } = open(Counter);
  add.request.step = STEP;
  for (let i = 1; i <= MESSAGES; i++) {
    const status = add.send();
    if (status !== EOK) throw new Error(`message ${i}: ${errnoName(status)}`);
    trace(`message ${i}: the counter is ${add.reply.sum}\n`);
  }
  trace(`done: ${add.reply.sum}, and ${MESSAGES} times ${STEP} is ${MESSAGES * STEP}\n`);
}
