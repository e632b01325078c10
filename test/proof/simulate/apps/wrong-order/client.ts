/**
 * An event is written, by the one or the other, before there is the next.
 */
import { EOK } from "reattach";
import { happen } from "./events.js";

export function main(): never {
  return happen((number, primary, spare) => {
    while (primary(number) !== EOK && spare(number) !== EOK);
  });
}
