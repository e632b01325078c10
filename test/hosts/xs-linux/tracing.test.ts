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
const BYTECODES_MAX = 210;
const TRACED = join(import.meta.dirname, "../../../dist/moddable/traced");

/** The modules that trace/manifest.json adds, or has in the place of others. */
const MODULES = {
  reattach: join(TRACED, "reattach.js"),
  "reattach/trace": join(TRACED, "trace.js"),
  "reattach/trace/clock": join(import.meta.dirname, "programs/trace-clock.js"),
};
const PRELOAD = ["reattach/trace", "reattach/trace/clock"];

/** What is measured, and how many records both sides write in a round of it. */
const MEASURED_SCENARIOS: readonly { title: string; roles: readonly Role[]; records: number }[] = [
  // To itself: sent, received.
  {
    title: "MsgSendPulse, MsgReceivePulse, readPulse: to itself",
    roles: ["client"],
    records: 2,
  },
  // SEND, BLOCK, WAKE, RETURN; RECEIVE, REPLY, BLOCK, WAKE: on one core each side sleeps.
  { title: ROUND_TRIP, roles: ["client", "server"], records: 8 },
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
    const before = await costOf(plain, []);
    const after = await costOf(traced, PRELOAD);
    const sum = (costs: typeof after) => costs.reduce((all, cost) => all + cost.bytecodes, 0);
    const each = (sum(after) - sum(before)) / ROUNDS / records;
    t.ok(each > 0 && each <= BYTECODES_MAX, `${title}: ${each.toFixed(1)} bytecodes a record`);
    for (const { slots, chunkBytes, collections } of after) {
      t.deepEqual({ slots, chunkBytes, collections }, { slots: 0, chunkBytes: 0, collections: 0 });
    }
  }
  plain.remove();
  traced.remove();
});
