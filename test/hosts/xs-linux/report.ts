/**
 * `npm run xs:report -- [--json]`: what messages, tasks and code cost on XS, and may cost; what a
 * round trip costs in other ways; and how many calls of the weather station and of the stress are
 * the common case, which C does.
 */
import { parseArgs } from "node:util";
import { type Budgets, measureBudgets } from "./budgets.js";
import { MODES } from "./host.js";
import { MOST } from "./most.js";
import { nativeCallsIn, sharesOf } from "./native-calls.js";
import { measurePeers } from "./peers.js";
import { stressOnXs } from "./stress.js";
import { runWeatherStation } from "./weather-station.js";

const STRESS = { seed: 1, messages: 100_000, rate: 1, kills: 0 };

/** The share of each call that is done in C, from 0 to 1. */
async function measureShares(): Promise<readonly object[]> {
  const [mode] = MODES;
  const station = await runWeatherStation(mode!);
  const stress = await stressOnXs(mode!, STRESS);
  if (typeof stress === "string") throw new Error(stress);
  return [
    { name: "weather station", ...sharesOf(nativeCallsIn(station.stdout)) },
    { name: "stress", ...sharesOf(stress.calls) },
  ];
}

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const budgets = await measureBudgets();
const peers = await measurePeers();
const shares = await measureShares();
if (values.json) {
  console.log(JSON.stringify({ ...budgets, peers, shares }));
} else {
  const rows = Object.entries(budgets).map(([name, value]) => {
    return { name, value, most: MOST[name as keyof Budgets] ?? "" };
  });
  console.table(rows);
  console.table(peers);
  console.table(shares);
}
