/**
 * Who tells a square tells the right one.
 */
import type { Checks } from "reattach/test";

export const checks = (): Checks => {
  let wrong = "";
  return {
    on: {
      line({ text }) {
        const [, number, square] = /^(\d+) squared is (\d+)/.exec(text) ?? [];
        if (number !== undefined && Number(number) ** 2 !== Number(square)) wrong = text;
      },
    },
    never: {
      "a wrong square is told"() {
        if (wrong !== "") throw new Error(wrong);
        return false;
      },
    },
  };
};
