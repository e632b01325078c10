/**
 * A service with long messages, which fit or not, as the manifest says.
 */
import { bytes, call, defineService } from "reattach/service";
import { exit } from "xs";

const Long = defineService("long", { put: call({ raw: bytes(200) }, {}) });

export default function main(): void {
  trace(`${Long.name} is defined\n`);
  exit(0);
}
