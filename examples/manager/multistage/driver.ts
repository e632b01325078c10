/**
 * The driver of a network: it needs a while to open its service, and crashes all the time.
 */
import { delay, name_attach } from "reattach";

const OPENING_MS = 100;
const LIFE_MS = 200;

export function main(): void {
  delay(OPENING_MS);
  name_attach(null, "socket", 0);
  delay(LIFE_MS);
  throw new Error("the driver has crashed");
}
