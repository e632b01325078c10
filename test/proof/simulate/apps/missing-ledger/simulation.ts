/**
 * A coin raises the total by one. A client that dies may have put in one that nobody tells of.
 */
import type { Checks } from "reattach/test";

export const checks = (): Checks => {
  let last = -1;
  let wrong = "";
  return {
    on: {
      line({ task, text }) {
        const total = Number(/^total (\d+)/.exec(text)?.[1] ?? NaN);
        if (task !== "client" || Number.isNaN(total)) return;
        if (last >= 0 && total !== last + 1) wrong = `${total} after ${last}`;
        last = total;
      },
      death: ({ name }) => {
        if (name === "client") last = -1;
      },
      reboot: () => void (last = -1),
    },
    never: {
      "a coin counts twice, or not at all"() {
        if (wrong !== "") throw new Error(wrong);
        return false;
      },
    },
  };
};
