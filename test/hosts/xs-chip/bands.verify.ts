/**
 * Kills under load on the emulated chip, in every order of priorities, with the locks that Atomics
 * take on RISC-V; without, and with waits that lose wake-ups, in those in which no two are equal.
 *
 * CHIP_MESSAGES says how many: with fewer, a run is over before anybody is killed.
 * CHIP_ORDERS_ONE_IN=n plays one order in n, others with another VERIFY_SEED.
 */
import { bandsTest, ORDERS, STRICT_ORDERS } from "../xs-linux/bands.js";
import type { Mode } from "../xs-linux/host.js";
import { STRESS_MODES } from "./chip.js";

const messages = Number(process.env["CHIP_MESSAGES"] ?? 400);
const oneIn = Number(process.env["CHIP_ORDERS_ONE_IN"] ?? 1);
const first = Number(process.env["VERIFY_SEED"] ?? 0) % oneIn;

const isLocked = ({ switches }: Mode): boolean => switches.includes("--locked-atomics");

for (const mode of STRESS_MODES) {
  const all = isLocked(mode) ? ORDERS : STRICT_ORDERS;
  const orders = all.filter((_, i) => i % oneIn === first);
  const isAll = orders.length === ORDERS.length;
  const part = `${orders.length} of ${ORDERS.length} orders of priorities`;
  const note = isAll ? "" : `sampled kills on ${mode.name}: ${part}`;
  for (const bands of orders) bandsTest(mode, messages, bands, note);
}
