/**
 * Kills under load in every order of priorities, on Linux; in a short run the two ways of taking
 * turns share the orders between them.
 */
import { ORDERS, playBands, STRICT_ORDERS } from "./bands.js";
import { PRIORITY_MODES, prioritiesTest } from "./priorities.js";

const isWhole = process.argv.includes("--verify");
const messages = isWhole ? 5_000 : 2_000;

PRIORITY_MODES.forEach((mode, turn) => {
  const share = STRICT_ORDERS.filter((_, i) => i % PRIORITY_MODES.length === turn);
  for (const bands of isWhole ? ORDERS : share) {
    const { title, play } = playBands(mode, messages, bands);
    prioritiesTest(title, mode, play);
  }
});
