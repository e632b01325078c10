/**
 * `npm run xs:report -- [--chip[=name]] [--json]`: what messages, tasks and code cost on XS, and
 * may cost; what a round trip costs in other ways; and how many calls of the weather station and of
 * the stress are the common case, which C does. With --chip what is measured on an emulated chip.
 */
import { parseArgs } from "node:util";
import { type ChipName, chipNamed, DEFAULT_CHIP } from "../../../hosts/xs-chip/chips.mjs";
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

async function reportChip(chip: ChipName, isJson: boolean): Promise<void> {
  const budgets = await measureChip(chip);
  if (isJson) console.log(JSON.stringify(budgets));
  else console.table(rowsOf(budgets, CHIP_MOST[chip]));
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
  args: process.argv.slice(2).map((arg) => (arg === "--chip" ? `--chip=${DEFAULT_CHIP}` : arg)),
  options: {
    chip: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const { chip, json } = values;
await (chip === undefined ? reportAll(json) : reportChip(chipNamed(chip), json));
