/**
 * What is read is in the scale that was set.
 */
import type { Checks } from "reattach/test";

export const checks = (): Checks => {
  let wrong = "";
  return {
    on: {
      line({ task, text }) {
        if (task === "client" && text.startsWith("value") && text !== "value 70") wrong = text;
      },
    },
    never: {
      "a value in another scale"() {
        if (wrong !== "") throw new Error(wrong);
        return false;
      },
    },
  };
};
