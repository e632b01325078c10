/**
 * Measures, and has it noted: in the office, and at home while the office is gone.
 */
import { delay } from "reattach";
import { open } from "reattach/service";
import { Log } from "./services.js";

const PERIOD_MS = 100;

export function main({ board }: { readonly board: string }): void {
  const { note } = open(Log, { board: ["office", "home"], timeout_ms: Infinity });
  for (let number = 1; ; number++) {
    note.request.board = board;
    note.request.number = number;
    note.request.degrees = 20 + 5 * Math.sin(number / 20);
    const status = note.send();
    if (status < 0) console.error(`note ${number} is lost: ${status}`);
    delay(PERIOD_MS);
  }
}
