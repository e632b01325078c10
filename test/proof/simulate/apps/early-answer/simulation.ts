/**
 * What was acknowledged is kept.
 */
import type { Checks } from "reattach/test";

export const checks = (): Checks => {
  let lost = "";
  return {
    on: {
      line({ task, text }) {
        if (task === "server" && text.startsWith("lost")) lost = text;
      },
    },
    never: {
      "what was acknowledged is lost"() {
        if (lost !== "") throw new Error(lost);
        return false;
      },
    },
  };
};
