/**
 * The simulator finds the bug of each application by the default faults, and accuses no twin.
 *
 * FOUND_RUNS=n makes n runs of each twin. FOUND=word,word picks applications; FOUND_APPS=n takes so
 * many of them, by chance, and FOUND_SEED the same ones again.
 */
import test from "tape";
import { FAULT_KINDS } from "../../../hosts/node/simulate/plan.js";
import type { Prepared } from "../../../hosts/node/simulate/prepare.js";
import { prepare, runTrial } from "../../hosts/node/simulate/prepared.js";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { figure } from "../verify/figure.js";
import { someOf } from "../verify/sample.js";
import { APPS } from "./apps.js";

/** Of a run, in virtual time with faults. */
const RUN_MS = 20 * 60_000;
/** A bug is found in one of so many runs. */
const RUNS_MAX = 8;
const twinRuns = Number(process.env["FOUND_RUNS"] ?? RUNS_MAX);
const words = (process.env["FOUND"] ?? "").split(",");
const matching = APPS.filter(({ name }) => words.some((word) => name.includes(word)));
const count = Number(process.env["FOUND_APPS"] ?? matching.length);
const seedOfSample = Number(process.env["FOUND_SEED"] ?? Date.now() % 1_000_000);
const picked = someOf(matching, count, seededRandom(seedOfSample));

test("simulate: applications with typical bugs", (t) => {
  t.ok(picked.length > 0, `${picked.length} applications`);
  if (picked.length < APPS.length) {
    const names = picked.map(({ name }) => name).join(", ");
    t.comment(
      `sampled buggy applications: ${names} of ${APPS.length} (FOUND_SEED=${seedOfSample})`,
    );
  }
  t.end();
});

/** What a run finds: "" is nothing. */
async function findIn(app: Prepared, seed: number): Promise<string> {
  const result = await runTrial(app, {
    seed,
    duration_ms: RUN_MS,
    kinds: FAULT_KINDS,
    plan: null,
    preemption: null,
    allowsIo: false,
    until: null,
    goOn: () => true,
  });
  return result.failures.map(({ check, text }) => `${check}: ${text}`).join("; ");
}

for (const { name, right, buggy } of picked) {
  test(`simulate: the bug of ${name} is found`, async (t) => {
    const app = await prepare(buggy);
    let found = "";
    let seed = 0;
    while (found === "" && seed < RUNS_MAX) found = await findIn(app, ++seed);
    await app.stop();
    t.notEqual(found, "", `in run ${seed} of ${RUNS_MAX}`);
    t.comment(found);
    figure(t, "bugs found", found === "" ? 0 : 1);
  });

  test(`simulate: nothing is found in the twin of ${name}`, async (t) => {
    const app = await prepare(right);
    for (let seed = 1; seed <= twinRuns; seed++) {
      t.equal(await findIn(app, seed), "", `seed ${seed}`);
    }
    await app.stop();
  });
}
