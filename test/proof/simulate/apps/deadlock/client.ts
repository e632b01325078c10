/**
 * Asks one half for the whole.
 */
import { delay } from "reattach";
import { open } from "reattach/service";
import { Left, Right } from "./services.js";

export function main({ service }: { readonly service: "left" | "right" }): never {
  const { whole } = service === "left" ? open(Left) : open(Right);
  for (;;) {
    trace(`status ${whole.send()}, weight ${whole.reply.weight}\n`);
    delay(20);
  }
}
