/**
 * Main on XS: lets a client and a server, or itself and a server, go through a scenario.
 */
import Timer from "timer";
import { boot } from "reattach/moddable";
import { args, exit } from "xs";
import { scenarioOf } from "./costs/index.js";
import { measure } from "./costs/meter.js";
import { Costs } from "./costs/report.js";
import { MARK } from "./results.js";

const LOOK_MS = 5;

const [title = "", words = ""] = args;
const rounds = Number(words);
const scenario = scenarioOf(title);
const system = boot();
const costs = new Costs();
let accident = "";

system.on("death", ({ name, cause }) => {
  accident = `${name}: ${cause}`;
});
system.start();

/** The main VM goes through its rounds in one go. Its timer is stopped meanwhile, by that. */
if (scenario.main !== undefined) {
  costs.found.main = measure(
    scenario.main(() => system.poll()),
    rounds,
  );
}

Timer.repeat(() => {
  costs.poll();
  const { client, server, main } = scenario;
  const { found } = costs;
  const isDone =
    (client === undefined || found.client !== undefined) &&
    (server === undefined || found.server !== undefined) &&
    (main === undefined || found.main !== undefined);
  if (!isDone && accident === "") return;
  trace(`${MARK}${JSON.stringify({ title, accident, costs: found })}\n`);
  exit(0);
}, LOOK_MS);
