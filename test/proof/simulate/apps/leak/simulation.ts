/**
 * There is always a connection to be had.
 */
import type { Checks } from "reattach/test";

export const checks = (): Checks => {
  let wrong = "";
  return {
    on: {
      line({ task, text }) {
        if (task === "client" && text === "no clock: EMFILE") wrong = text;
      },
    },
    never: {
      "the client has run out of connections"() {
        if (wrong !== "") throw new Error(wrong);
        return false;
      },
    },
  };
};
