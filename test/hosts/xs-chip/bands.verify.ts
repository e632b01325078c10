/**
 * Kills under load on the emulated chip, in every order of priorities, with the locks that Atomics
 * take on RISC-V; without, and with waits that lose wake-ups, in those in which no two are equal.
 */
import { bandsTest, ORDERS, STRICT_ORDERS } from "../xs-linux/bands.js";
import type { Mode } from "../xs-linux/host.js";
import { STRESS_MODES } from "./chip.js";

const messages = Number(process.env["CHIP_MESSAGES"] ?? 400);

const isLocked = ({ switches }: Mode): boolean => switches.includes("--locked-atomics");

for (const mode of STRESS_MODES) {
  const orders = isLocked(mode) ? ORDERS : STRICT_ORDERS;
  const isAll = orders.length === ORDERS.length;
  const part = `${orders.length} of ${ORDERS.length} orders of priorities`;
  const note = isAll ? "" : `sampled kills on ${mode.name}: ${part}`;
  for (const bands of orders) bandsTest(mode, messages, bands, note);
}
