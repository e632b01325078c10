/**
 * Kills under load on the emulated chip, in every order of priorities. With the locks that Atomics
 * take on RISC-V in all of them; in the other modes in those that differ most.
 */
import test from "tape";
import { ORDERS, playBands, STRICT_ORDERS } from "../xs-linux/bands.js";
import { missing } from "../xs-linux/host.js";
import { STRESS_MODES } from "./chip.js";

const messages = Number(process.env["CHIP_MESSAGES"] ?? 400);

for (const mode of STRESS_MODES) {
  const orders = mode.switches.includes("--locked-atomics") ? ORDERS : STRICT_ORDERS;
  for (const bands of orders) {
    const { title, play } = playBands(mode, messages, bands);
    test(title, async (t) => {
      const why = missing(mode);
      if (why !== "") return t.skip(why);
      await play(t);
    });
  }
}
