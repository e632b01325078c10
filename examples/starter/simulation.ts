/**
 * What must hold, whatever happens: tests check it (test/), and so does a simulation.
 */
import type { Checks } from "reattach/test";

/** A bus that hangs has to be clocked free, which this driver leaves out: docs/hardware.md. */
export const spared = ["i2c.0x48"];

/** The driver dies and comes back in this time, also several times in a row. */
const WITHIN_MS = 30_000;

export const checks = (): Checks => {
  /** The last note; of a panel that has died nobody knows whether one was still written. */
  let last: number | undefined;
  let hasNote = false;
  let wrong = "";
  return {
    on: {
      line({ task, text }) {
        const note = /^note (\d+):/.exec(text)?.[1];
        if (task !== "panel" || note === undefined) return;
        if (last !== undefined && Number(note) !== last + 1) wrong = `${note} after ${last}`;
        last = Number(note);
        hasNote = true;
      },
      death({ name }) {
        if (name === "panel") last = undefined;
      },
      reboot: () => void (last = undefined),
    },
    never: {
      "a note is lost, or counts twice"() {
        if (wrong !== "") throw new Error(wrong);
        return false;
      },
    },
    eventually: {
      "there is another note": {
        within_ms: WITHIN_MS,
        holds() {
          const hadNote = hasNote;
          hasNote = false;
          return hadNote;
        },
      },
    },
  };
};
