/**
 * Nobody waits in a ring.
 */
import type { Checks } from "reattach/test";

export const checks = (): Checks => ({
  never: { "tasks wait for each other": ({ tasks }) => tasks.some(({ deadlock }) => deadlock) },
});
