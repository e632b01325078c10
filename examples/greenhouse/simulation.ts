/**
 * What must hold, whatever happens: tests check it (test/), and so does a simulation.
 */
import type { Checks } from "reattach/test";
import { Valve } from "./services.js";

export const checks = (): Checks => {
  /** Openings before the board was restarted: waterings begin anew then, and the garden stays. */
  let before: number | null = 0;
  return {
    on: { reboot: () => void (before = null) },
    atRest: {
      async "the valve opens once for each watering"(app) {
        const first = (await app.call(Valve, "count")).reply.waterings;
        const openings = Number(await app.hardware.control("openings"));
        const second = (await app.call(Valve, "count")).reply.waterings;
        before ??= openings - first;
        const counted = openings - before;
        // One more, while a watering is under way.
        if (counted >= first && counted <= second + 1) return;
        throw new Error(`${counted} openings, and ${first} to ${second} waterings`);
      },
    },
  };
};
