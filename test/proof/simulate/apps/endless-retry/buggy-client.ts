/**
 * The bug: it tries until it succeeds, however long that takes.
 */
import { delay, EOK } from "reattach";
import { work } from "./client.js";

const PAUSE_MS = 100;

export function main(): never {
  return work((value, report) => {
    while (report(value) !== EOK) delay(PAUSE_MS);
  });
}
