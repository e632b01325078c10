/**
 * A million random calls through C and through TypeScript, in two processes.
 */
import test from "tape";
import { figure } from "../verify/figure.js";
import { compareCalls } from "./spawn.js";
import { missing } from "./wire.js";

const seed = Number(process.env["NATIVE_SEED"] ?? Date.now() % 1_000_000);
const CALLS = Number(process.env["NATIVE_CALLS"] ?? 1_000_000);
const PROCESSES = 2;

test(`native: ${CALLS} calls in C and in TypeScript are alike (NATIVE_SEED=${seed})`, async (t) => {
  const why = missing();
  if (why !== "") return t.skip(why);
  const share = Math.ceil(CALLS / PROCESSES);
  const results = await Promise.all(
    Array.from({ length: PROCESSES }, (_, i) => compareCalls(share, seed + i)),
  );
  for (const { failure } of results) t.equal(failure, "", "no difference");
  const calls = results.reduce((sum, result) => sum + result.calls, 0);
  t.ok(calls >= CALLS, `${calls} calls`);
  figure(t, "calls in C and TypeScript", calls);
});
