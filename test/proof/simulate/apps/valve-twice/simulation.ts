/**
 * The valve has opened as often as there were waterings.
 */
import type { Checks } from "reattach/test";
import { VALVE_PIN } from "../../../../../examples/greenhouse/pins.js";
import { Valve } from "../../../../../examples/greenhouse/services.js";

/** A glitch on its wire opens the valve, though nobody has asked. */
export const spared = [`pin.${VALVE_PIN}`];

export const checks = (): Checks => {
  /** Openings that do not count: waterings begin anew with the board, and the garden stays. */
  let before: number | null = 0;
  return {
    on: { reboot: () => void (before = null) },
    atRest: {
      async "the valve opens once for each watering"(app) {
        // The valve answers between two waterings: what it counts is done.
        const first = (await app.call(Valve, "count")).reply.waterings;
        const openings = Number(await app.hardware.control("openings"));
        const second = (await app.call(Valve, "count")).reply.waterings;
        before ??= openings - first;
        const counted = openings - before;
        if (counted >= first && counted <= second) return;
        throw new Error(`${counted} openings, and ${first} to ${second} waterings`);
      },
    },
  };
};
