/**
 * What the tracing build costs on XS: bytecodes a record, and no allocation.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { bundle, type Bundle } from "./bundle.js";
import { MEASURED, missing, ordinary } from "./host.js";
import { COST_PROGRAMS, measureScenario } from "./measure.js";
import type { Role } from "./programs/costs/report.js";
import { ROUND_TRIP } from "./programs/costs/messages.js";

const ROUNDS = 2_000;
/** docs/tracing.md says so. */
const BYTECODES_MAX = 230;
const TRACED = join(import.meta.dirname, "../../../dist/moddable/traced");

/** The modules that trace/manifest.json adds, or has in the place of others. */
const MODULES = {
  reattach: join(TRACED, "reattach.js"),
  "reattach/trace": join(TRACED, "trace.js"),
  "reattach/trace/clock": join(import.meta.dirname, "programs/trace-clock.js"),
};
const PRELOAD = ["reattach/trace", "reattach/trace/clock"];

/** What is measured, and how many records a round of it writes; null where that varies. */
const MEASURED_SCENARIOS: readonly {
  readonly title: string;
  readonly roles: readonly Role[];
  readonly records: number | null;
}[] = [
  // To itself: sent, received.
  {
    title: "MsgSendPulse, MsgReceivePulse, readPulse: to itself",
    roles: ["client"],
    records: 2,
  },
  // How often each side sleeps in a round trip is for the scheduler to say.
  { title: ROUND_TRIP, roles: ["client", "server"], records: null },
];

test("tracing on XS: a record costs what the page says, and allocates nothing", async (t) => {
  const mode = ordinary(MEASURED);
  const why = missing(mode);
  if (why !== "") return t.skip(why);
  const plain = await bundle(COST_PROGRAMS);
  const traced = await bundle(COST_PROGRAMS);
  const map = JSON.parse(readFileSync(traced.modules, "utf8")) as object;
  writeFileSync(traced.modules, JSON.stringify({ ...map, ...MODULES }));
  for (const { title, roles, records } of MEASURED_SCENARIOS) {
    const costOf = async (programs: Bundle, preload: readonly string[]) => {
      const what = { mode, bundle: programs, title, rounds: ROUNDS, roles, preload };
      return Object.values(await measureScenario(what));
    };
    const after = await costOf(traced, PRELOAD);
    if (records !== null) {
      const before = await costOf(plain, []);
      const sum = (costs: typeof after) => costs.reduce((all, cost) => all + cost.bytecodes, 0);
      const each = (sum(after) - sum(before)) / ROUNDS / records;
      t.ok(each > 0 && each <= BYTECODES_MAX, `${title}: ${each.toFixed(1)} bytecodes a record`);
    }
    for (const { slots, chunkBytes, collections } of after) {
      t.deepEqual({ slots, chunkBytes, collections }, { slots: 0, chunkBytes: 0, collections: 0 });
    }
  }
  plain.remove();
  traced.remove();
});
