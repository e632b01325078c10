/**
 * The client works with the period that was set.
 */
import type { Checks } from "reattach/test";

export const checks = (): Checks => {
  let wrong = "";
  return {
    on: {
      line({ task, text }) {
        if (task === "client" && text.startsWith("every") && text !== "every 50 ms") wrong = text;
      },
    },
    never: {
      "the settings are not in force"() {
        if (wrong !== "") throw new Error(wrong);
        return false;
      },
    },
  };
};
