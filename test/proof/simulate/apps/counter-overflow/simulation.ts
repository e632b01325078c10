/**
 * Whatever was put and acknowledged is in the archive.
 */
import type { Checks, Observed } from "reattach/test";

function wordOf(app: Observed, name: string, word: number): number {
  const state = app.stable(name);
  return state.byteLength === 0 ? 0 : state.getUint32(4 * word, true);
}

export const checks = (): Checks => ({
  always: {
    "what was put is archived"(app) {
      // In this order: the archive only grows.
      const put = wordOf(app, "client", 0);
      return wordOf(app, "server", 1) >= put;
    },
  },
});
