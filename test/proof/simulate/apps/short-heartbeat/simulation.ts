/**
 * Nobody is taken for hung who is not.
 */
import type { Checks } from "reattach/test";

export const checks = (): Checks => {
  let isBlamed = false;
  return {
    on: {
      death({ cause, isInjected }) {
        if (cause === "hung" && !isInjected) isBlamed = true;
      },
    },
    never: { "who works is taken for hung": () => isBlamed },
  };
};
