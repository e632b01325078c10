/**
 * Events are written in their order. One may be written twice, as nobody knows whether a server
 * that did not answer has written it; and one that was under way when the client died may come
 * late.
 */
import type { Checks } from "reattach/test";

/** Events that are remembered: others are long past. */
const PAST = 50;

export const checks = (): Checks => {
  let written: { readonly number: number; readonly at_ms: number }[] = [];
  const late = new Set<number>();
  let wrong = "";
  return {
    on: {
      line({ text }) {
        const [, number, at_ms] = (/^event (\d+) at ([\d.]+)/.exec(text) ?? []).map(Number);
        if (number === undefined || at_ms === undefined || late.has(number)) return;
        const other = written.find(
          (each) => each.number !== number && each.number > number === each.at_ms < at_ms,
        );
        if (other !== undefined && other.at_ms !== at_ms) {
          wrong = `${number} at ${at_ms} ms, and ${other.number} at ${other.at_ms} ms`;
        }
        if (written.some((each) => each.number === number)) return;
        written = [...written.slice(-PAST), { number, at_ms }];
      },
      death({ name }, app) {
        const begun = app.stable("client");
        if (name === "client" && begun.byteLength > 0) late.add(begun.getUint32(0, true));
      },
      reboot() {
        written = [];
        late.clear();
      },
    },
    never: {
      "events are written out of order"() {
        if (wrong !== "") throw new Error(wrong);
        return false;
      },
    },
  };
};
