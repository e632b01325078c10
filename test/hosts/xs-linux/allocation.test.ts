/**
 * Nothing is allocated on the message path: no slot, no byte of a chunk, no collection, in any of
 * the VMs involved, over many rounds of every scenario. Exactly: the counters of XS only grow
 * between two collections.
 */
import { availableParallelism } from "node:os";
import test from "tape";
import { bundle } from "./bundle.js";
import { COST_PROGRAMS, DEFINITIONS, type Measurement, measureScenario } from "./measure.js";
import { missing, MEASURED, ordinary } from "./host.js";
import { scenarios } from "./programs/costs/index.js";
import type { Scenario } from "./programs/costs/scenario.js";
import { serviceScenarios } from "./programs/costs/services.js";

/** More with npm run verify. */
const ROUNDS = Number(process.env["XS_ROUNDS"] ?? 500);
const NOTHING = { slots: 0, chunkBytes: 0, collections: 0 };
const ROLES = ["client", "server", "main"] as const;

/** Where a scenario is measured. */
type How = Pick<Measurement, "mode" | "bundle" | "preload">;

function rolesOf(scenario: Scenario): (typeof ROLES)[number][] {
  return ROLES.filter((role) => scenario[role] !== undefined);
}

/** Measures one scenario and asserts that it allocates nothing, or, where it should, something. */
async function check(t: test.Test, scenario: Scenario, how: How, processor: number) {
  const { title, allocates = false } = scenario;
  const roles = rolesOf(scenario);
  const rounds = allocates ? ROUNDS / 100 : ROUNDS;
  const costs = await measureScenario({ ...how, title, rounds, roles, processor });
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

/** One scenario at a time on each of two processors: who is measured has its own. */
async function checkAll(t: test.Test, all: readonly Scenario[], how: How): Promise<void> {
  const waiting = [...all];
  const lanes = Array.from(
    { length: Math.min(2, availableParallelism()) },
    async (_, processor) => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await check(t, next, how, processor);
      }
    },
  );
  await Promise.all(lanes);
}

test("allocation on XS", async (t) => {
  const why = missing(MEASURED);
  if (why !== "") return t.skip(why);
  const programs = await bundle(COST_PROGRAMS);
  t.teardown(() => programs.remove());
  await checkAll(t, scenarios, { mode: MEASURED, bundle: programs });
});

/** Also where messages take TypeScript's way, and with slots as an ESP32 has them. */
for (const mode of [MEASURED, ordinary(MEASURED), { ...MEASURED, name: "32 bit", m32: true }]) {
  test(`allocation on XS: services that are defined in flash, ${mode.name}`, async (t) => {
    const why = missing(mode);
    if (why !== "") return t.skip(why);
    const programs = await bundle(COST_PROGRAMS);
    t.teardown(() => programs.remove());
    await checkAll(t, serviceScenarios, { mode, bundle: programs, preload: DEFINITIONS });
  });
}
