/**
 * What must hold, whatever happens: tests check it (test/), and so does a simulation.
 */
import type { Checks } from "reattach/test";
import { VALVE_PIN } from "./pins.js";
import { Valve } from "./services.js";

/**
 * A glitch on the wire of the valve opens it, though nobody has asked: no driver can help that.
 */
export const spared = [`pin.${VALVE_PIN}`];

export const checks = (): Checks => {
  /** Openings before the board was restarted: waterings begin anew then, and the garden stays. */
  let before: number | null = 0;
  return {
    on: {
      reboot() {
        before = null;
      },
    },
    atRest: {
      async "the valve opens once for each watering"(app) {
        // The valve answers between two waterings: what it counts is done.
        const first = (await app.call(Valve, "count")).reply.waterings;
        const openings = Number(await app.hardware.control("openings"));
        const second = (await app.call(Valve, "count")).reply.waterings;
        const base = before ?? openings - first;
        const counted = openings - base;
        if (counted < first || counted > second) {
          throw new Error(`${counted} openings, and ${first} to ${second} waterings`);
        }
        before = base;
      },
    },
  };
};
