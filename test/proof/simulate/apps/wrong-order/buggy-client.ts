/**
 * The bug: what the primary has not written is kept until it is back, while the spare has the next.
 */
import { EOK } from "reattach";
import { happen } from "./events.js";

export function main(): never {
  const kept: number[] = [];
  return happen((number, primary, spare) => {
    if (kept.length === 0) {
      if (primary(number) !== EOK) kept.push(number);
      return;
    }
    while (spare(number) !== EOK);
    while (kept.length > 0 && primary(kept[0]!) === EOK) kept.shift();
  });
}
