/**
 * Kills under load in every order of priorities, on Linux.
 */
import { ORDERS, playBands, STRICT_ORDERS } from "./bands.js";
import { PRIORITY_MODES, prioritiesTest } from "./priorities.js";

const isWhole = process.argv.includes("--verify");
const messages = isWhole ? 5_000 : 2_000;

for (const mode of PRIORITY_MODES) {
  for (const bands of isWhole ? ORDERS : STRICT_ORDERS) {
    const { title, play } = playBands(mode, messages, bands);
    prioritiesTest(title, mode, play);
  }
}
