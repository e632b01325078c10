/**
 * Nothing is allocated on the message path: no slot, no byte of a chunk, no collection, in any of
 * the VMs involved, over many rounds of every scenario. Exactly: the counters of XS only grow
 * between two collections.
 */
import { availableParallelism } from "node:os";
import test from "tape";
import { bundle, type Bundle } from "./bundle.js";
import { COST_PROGRAMS, measureScenario } from "./measure.js";
import { missing, MEASURED } from "./host.js";
import { scenarios } from "./programs/costs/index.js";
import type { Scenario } from "./programs/costs/scenario.js";

/** More with npm run verify. */
const ROUNDS = Number(process.env["XS_ROUNDS"] ?? 10_000);
const NOTHING = { slots: 0, chunkBytes: 0, collections: 0 };
const ROLES = ["client", "server", "main"] as const;

function rolesOf(scenario: Scenario): (typeof ROLES)[number][] {
  return ROLES.filter((role) => scenario[role] !== undefined);
}

/** Measures one scenario and asserts that it allocates nothing, or, where it should, something. */
async function check(t: test.Test, scenario: Scenario, programs: Bundle, processor: number) {
  const { title, allocates = false } = scenario;
  const roles = rolesOf(scenario);
  const rounds = allocates ? ROUNDS / 100 : ROUNDS;
  const what = { mode: MEASURED, bundle: programs, title, rounds, roles, processor };
  const costs = await measureScenario(what);
  for (const role of roles) {
    const cost = costs[role];
    if (cost === undefined) t.fail(`${title}: ${role} did not tell`);
    else if (allocates && role === "client") t.ok(cost.slots > 0, `${title}: found in ${role}`);
    else {
      const { slots, chunkBytes, collections } = cost;
      const text = `${title}: ${role}, ${rounds} rounds`;
      t.deepEqual({ slots, chunkBytes, collections }, NOTHING, text);
    }
  }
}

test("allocation on XS", async (t) => {
  const why = missing(MEASURED);
  if (why !== "") return t.skip(why);
  const programs = await bundle(COST_PROGRAMS);
  const waiting = [...scenarios];
  // One at a time on each of two processors: who is measured has its own.
  const lanes = Array.from(
    { length: Math.min(2, availableParallelism()) },
    async (_, processor) => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await check(t, next, programs, processor);
      }
    },
  );
  await Promise.all(lanes);
  programs.remove();
});
