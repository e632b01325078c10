/**
 * Reads the thermometer, has it noted, and shows both. Nothing in it speaks of crashes.
 */
import { delay, EOK } from "reattach";
import { open } from "reattach/service";
import { Journal } from "./journal.js";
import { Thermometer } from "./thermometer.js";

export function main({ period_ms }: { readonly period_ms: number }): void {
  const { read } = open(Thermometer);
  const { note } = open(Journal);
  for (;;) {
    if (read.send() === EOK) {
      note.request.celsius = read.reply.celsius;
      if (note.send() === EOK) {
        const { notes, warmest } = note.reply;
        trace(`note ${notes}: ${read.reply.celsius} °C, warmest ${warmest} °C\n`);
      }
    }
    delay(period_ms);
  }
}
