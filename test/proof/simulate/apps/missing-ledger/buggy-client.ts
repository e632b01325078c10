/**
 * The client of the loose till.
 */
import { open } from "reattach/service";
import { feed } from "./client.js";
import { LooseTill } from "./services.js";

export function main(): never {
  return feed(open(LooseTill));
}
