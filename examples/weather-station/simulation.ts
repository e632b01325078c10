/**
 * What must hold, whatever happens: tests check it (test/), and so does a simulation.
 */
import type { Checks } from "reattach/test";
import { Station } from "./services.js";

export const checks = (): Checks => ({
  atRest: {
    async "every reading that was asked for came, and was right"(app) {
      const { lost, wrong } = (await app.call(Station, "status")).reply;
      if (lost > 0 || wrong > 0) throw new Error(`${lost} lost, ${wrong} wrong`);
    },
  },
});
