/**
 * The display: shows the moisture and the waterings from time to time.
 */
import { delay, EOK } from "reattach";
import { open } from "reattach/service";
import { Soil, Valve } from "./services.js";

/** Shows every `period_ms`, for ever. */
export function main({ period_ms }: { readonly period_ms: number }): void {
  const { read } = open(Soil);
  const { count } = open(Valve);
  for (;;) {
    const moisture = read.send() === EOK ? read.reply.moisture : "unknown";
    const waterings = count.send() === EOK ? count.reply.waterings : "unknown";
    trace(`moisture ${moisture}, waterings ${waterings}\n`);
    delay(period_ms);
  }
}
