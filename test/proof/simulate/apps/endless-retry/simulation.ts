/**
 * The client shows that it is there, whatever the uplink does. Its own restarts take some seconds.
 */
import type { Checks } from "reattach/test";

const WITHIN_MS = 20_000;

export const checks = (): Checks => {
  let isShown = false;
  return {
    on: {
      line({ text }) {
        if (text.startsWith("alive")) isShown = true;
      },
    },
    eventually: {
      "the client is alive": {
        within_ms: WITHIN_MS,
        holds() {
          const wasShown = isShown;
          isShown = false;
          return wasShown;
        },
      },
    },
  };
};
