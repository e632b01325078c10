/**
 * The trace points of the kernel on XS: bytecodes, no allocation; and a record has the same words
 * in C as in TypeScript.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { record, useClock } from "../../../src/kernel/trace/record.js";
import { attachRing } from "../../../src/kernel/trace/recorder.js";
import * as R from "../../../src/kernel/trace/ring.js";
import { folderOf } from "../node/temp-folder.js";
import { MEASURED, missing, run } from "./host.js";
import { resultIn } from "./results-in.js";
import { FIRST_NUMBERS, RECORDS, RING_RECORDS, type TracePointsResult } from "./trace-records.js";
import { bundleTraced, TRACED_PRELOAD, withExports } from "./traced.js";

/** docs/tracing.md says so. */
const BYTECODES_MAX = 60;
const POINTS = [
  "traceStarted",
  "traceSend",
  "traceReceive",
  "traceReply",
  "traceReturn",
  "tracePulse",
  "traceGotPulse",
  "traceBlock",
  "traceWake",
  "traceRecovering",
];

/** Where the record with this number stands. */
function recordAt(number: number): number {
  return R.RING_WORDS + ((number & (RING_RECORDS - 1)) << R.RECORD_SHIFT);
}

/** What TypeScript makes of the same records at the same times, as far as a ring still has them. */
function inTypeScript(first: number, words: readonly number[]): number[] {
  const ring = R.ringOf(R.createRings(1, RING_RECORDS), 0);
  ring[R.RING_LAST] = first;
  const high = words[R.RING_HIGH]!;
  useClock(() => {
    // The first is that of the clock: the time begins above 0.
    const isFirst = ring[R.RING_HIGH] !== high;
    const number = (ring[R.RING_LAST]! + (isFirst ? 2 : 1)) | 0;
    return high * R.TIME_RANGE + (words[recordAt(number) + R.RECORD_TIME]! >>> 0);
  });
  attachRing(ring);
  for (const each of RECORDS) record(...each);
  globalThis.$ring = undefined;
  return Array.from(ring);
}

test("trace points on XS: what each costs, and which words a record has", async (t) => {
  const why = missing(MEASURED);
  if (why !== "") return t.skip(why);
  const reattach = join(folderOf(t, {}), "reattach.js");
  writeFileSync(reattach, withExports(POINTS));
  const file = join(import.meta.dirname, "programs/trace-points.ts");
  const bundle = await bundleTraced({ "trace-points": file }, reattach);
  const main = "trace-points";
  // It is never started, but without a task there is no application.
  const tasks = { idle: { module: main } };
  const config = { reattach: { limits: { messageTrace: RING_RECORDS }, tasks } };
  const preload = TRACED_PRELOAD;
  const { code, stdout, stderr } = await run({ mode: MEASURED, bundle, main, config, preload });
  bundle.remove();
  const found = resultIn<TracePointsResult>(stdout);
  if (found === undefined) return t.fail(`no result, exit code ${code}: ${stderr}${stdout}`);
  for (const [name, { bytecodes, records, ...heap }] of Object.entries(found.costs)) {
    t.equal(records, 1, `${name}: a record`);
    t.ok(bytecodes > 0 && bytecodes <= BYTECODES_MAX, `${name}: ${bytecodes.toFixed(1)} bytecodes`);
    t.deepEqual(heap, { slots: 0, chunkBytes: 0, collections: 0 }, `${name}: allocates nothing`);
  }
  FIRST_NUMBERS.forEach((first, i) => {
    const words = found.rings[i]!;
    t.equal(words[R.RING_LAST], (first + RECORDS.length + Number(words[R.RING_HIGH] !== 0)) | 0);
    t.deepEqual(words, inTypeScript(first, words), `from number ${first} on: the same words`);
  });
  t.equal(found.withoutRing, 0, "a VM without a ring records nothing");
});
