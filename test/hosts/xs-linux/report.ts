/**
 * `npm run xs:report -- [--chip] [--json]`: what messages, tasks and code cost on XS, and may cost;
 * what a round trip costs in other ways; and how many calls of the weather station and of the
 * stress are the common case, which C does. With --chip what is measured on the emulated chip.
 */
import { parseArgs } from "node:util";
import { measureChip } from "../xs-chip/budgets.js";
import { CHIP_MOST } from "../xs-chip/most.js";
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

function rowsOf(found: object, most: Readonly<Record<string, number>>): readonly object[] {
  return Object.entries(found).map(([name, value]) => ({ name, value, most: most[name] ?? "" }));
}

async function reportChip(isJson: boolean): Promise<void> {
  const budgets = await measureChip();
  if (isJson) console.log(JSON.stringify(budgets));
  else console.table(rowsOf(budgets, CHIP_MOST));
}

async function reportAll(isJson: boolean): Promise<void> {
  const budgets: Budgets = await measureBudgets();
  const peers = await measurePeers();
  const shares = await measureShares();
  if (isJson) return console.log(JSON.stringify({ ...budgets, peers, shares }));
  console.table(rowsOf(budgets, MOST));
  console.table(peers);
  console.table(shares);
}

const { values } = parseArgs({
  options: {
    chip: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
await (values.chip ? reportChip(values.json) : reportAll(values.json));
