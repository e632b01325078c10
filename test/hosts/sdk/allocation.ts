/**
 * What is hot allocates nothing on the SDK's own engine either: all scenarios of
 * test/hosts/xs-linux/allocation.test.ts, and a main VM that has nothing to do.
 */
import test from "tape";
import { IDLE_BOARD, IDLE_PROGRAMS, IDLE_STATES, readIdleCosts } from "../xs-linux/idle-board.js";
import { COST_PROGRAMS, DEFINITIONS, readCosts, tasksFor } from "../xs-linux/measure.js";
import { scenarios } from "../xs-linux/programs/costs/index.js";
import type { Scenario } from "../xs-linux/programs/costs/scenario.js";
import { serviceScenarios } from "../xs-linux/programs/costs/services.js";
import { buildPrograms, type BuiltApp, runFresh } from "./programs.js";

const ROUNDS = 10_000;
const IDLE_MS = 10_000;
const ROLES = ["client", "server", "main"] as const;
const NOTHING = { slots: 0, chunkBytes: 0, collections: 0 };
const CONFIG = { reattach: tasksFor(ROLES) };

async function check(t: test.Test, app: BuiltApp, scenario: Scenario): Promise<void> {
  const { title, allocates = false } = scenario;
  const rounds = allocates ? ROUNDS / 100 : ROUNDS;
  const { text } = await runFresh(app, title, String(rounds));
  const costs = readCosts(title, text);
  for (const role of ROLES) {
    if (scenario[role] === undefined) continue;
    const cost = costs[role];
    if (cost === undefined) t.fail(`${title}: ${role} did not tell`);
    else if (allocates && role === "client") t.ok(cost.slots > 0, `${title}: found in ${role}`);
    else {
      const { slots, chunkBytes, collections } = cost;
      t.deepEqual({ slots, chunkBytes, collections }, NOTHING, `${title}: ${role}`);
    }
  }
}

test("lin: allocation: every scenario", async (t) => {
  const programs = { main: "costs", programs: COST_PROGRAMS };
  const app = await buildPrograms(t, { name: "costs", ...programs, config: CONFIG });
  for (const scenario of scenarios) await check(t, app, scenario);
});

test("lin: allocation: services whose definitions the linker has made, in flash", async (t) => {
  const programs = { main: "costs", programs: COST_PROGRAMS, preload: DEFINITIONS };
  const app = await buildPrograms(t, { name: "services", ...programs, config: CONFIG });
  for (const scenario of serviceScenarios) await check(t, app, scenario);
});

test(`lin: allocation: a main VM that has nothing to do for ${IDLE_MS} ms`, async (t) => {
  const config = { reattach: IDLE_BOARD };
  const programs = { main: "idle-board", programs: IDLE_PROGRAMS };
  const app = await buildPrograms(t, { name: "idle-board", ...programs, config });
  const { text } = await runFresh(app, String(IDLE_MS));
  const { accident, states, costs } = readIdleCosts(text);
  t.equal(accident, "", "no task died");
  t.deepEqual(states, IDLE_STATES, "all are there");
  t.deepEqual(costs, NOTHING);
});
