/**
 * Messages in the tracing build on XS: their records cost no bytecodes, as C writes them, and
 * nothing is allocated. trace-points.test.ts has what those cost that TypeScript writes.
 */
import test from "tape";
import { bundle, type Bundle } from "./bundle.js";
import { MEASURED, missing } from "./host.js";
import { COST_PROGRAMS, measureScenario } from "./measure.js";
import type { Role } from "./programs/costs/report.js";
import { ROUND_TRIP } from "./programs/costs/messages.js";
import { bundleTraced, TRACED_PRELOAD } from "./traced.js";

const mode = MEASURED;
const ROUNDS = 2_000;
const PAIR: readonly Role[] = ["client", "server"];
/** A message in its client is at least sent and over, in its server received and answered. */
const RECORDS_MIN = 2;
/** The end of a measurement itself. */
const NOISE = 0.1;

test("tracing on XS: messages cost the bytecodes of a product, and allocate nothing", async (t) => {
  const why = missing(mode);
  if (why !== "") return t.skip(why);
  const plain = await bundle(COST_PROGRAMS);
  const traced = await bundleTraced(COST_PROGRAMS);
  for (const title of [ROUND_TRIP, "MsgError: an error for an answer"]) {
    const costsOf = (programs: Bundle, preload: readonly string[]) =>
      measureScenario({ mode, bundle: programs, title, rounds: ROUNDS, roles: PAIR, preload });
    const before = await costsOf(plain, []);
    const after = await costsOf(traced, TRACED_PRELOAD);
    for (const role of PAIR) {
      const { records, bytecodes, slots, chunkBytes, collections } = after[role]!;
      const more = (bytecodes - before[role]!.bytecodes) / ROUNDS;
      const what = `${title}, ${role}`;
      t.ok(records >= RECORDS_MIN * ROUNDS, `${what}: ${records / ROUNDS} records a round`);
      t.ok(Math.abs(more) < NOISE, `${what}: ${more.toFixed(2)} bytecodes more`);
      const used = { slots, chunkBytes, collections };
      t.deepEqual(used, { slots: 0, chunkBytes: 0, collections: 0 }, `${what}: allocates nothing`);
      t.equal(before[role]!.records, 0, `${what}: a product records nothing`);
    }
  }
  plain.remove();
  traced.remove();
});
