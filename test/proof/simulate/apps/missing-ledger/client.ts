/**
 * Puts in coin after coin, and tells the total after each.
 */
import { delay, EOK } from "reattach";
import { type Client, open } from "reattach/service";
import { type LooseTill, Till } from "./services.js";

type AnyTill = Client<NonNullable<typeof Till.members | typeof LooseTill.members>>;

export function feed({ add }: AnyTill): never {
  for (;;) {
    const status = add.send();
    if (status !== EOK) throw new Error(`add: ${status}`);
    trace(`total ${add.reply.total}\n`);
    delay(20);
  }
}

export function main(): never {
  return feed(open(Till));
}
