/**
 * The bug: the recovery connects again, and forgets what the server has forgotten.
 */
import { open } from "reattach/service";
import { watch } from "./client.js";
import { Meter } from "./services.js";

export function main(): never {
  return watch(open(Meter));
}
