/**
 * In front of the test host's preference: writes down each write to flash.
 */
import Flash from "xs/preference";
import type { BootCountNote } from "./fates.js";
import { MARK } from "./results.js";

export default {
  set(domain: string, key: string, value: string): void {
    trace(`${MARK}${JSON.stringify({ written: value } satisfies BootCountNote)}\n`);
    Flash.set(domain, key, value);
  },

  get(domain: string, key: string): unknown {
    return Flash.get(domain, key);
  },
};
