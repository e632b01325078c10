/**
 * The common case of messages where it is traced: not in C, which has no trace points. The tracing
 * build puts this file in the place of ../common-case.ts.
 */
import type { HostMessages } from "../../../src/host.js";

/** There is none. */
export function attachMessages(): HostMessages | null {
  return null;
}
