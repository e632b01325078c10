/**
 * Messages in C against messages in TypeScript, some thousand random calls. `npm run verify` makes
 * a million, and `npm run differential` as many as one likes.
 */
import test from "tape";
import { compareCalls } from "./spawn.js";
import { missing } from "./wire.js";

const seed = Number(process.env["NATIVE_SEED"] ?? Date.now() % 1_000_000);
const CALLS = 20_000;
const TRACED_CALLS = 10_000;

test(`native: ${CALLS} calls in C and in TypeScript are alike (NATIVE_SEED=${seed})`, async (t) => {
  const why = missing();
  if (why !== "") return t.skip(why);
  const { failure, calls, native } = await compareCalls(CALLS, seed);
  t.equal(failure, "", "no difference");
  t.ok(calls >= CALLS, `${calls} calls`);
  for (const name of ["send", "MsgReceive", "MsgReply", "MsgError"]) {
    t.ok((native[name] ?? 0) > CALLS / 20, `${native[name]} of ${name} were done in C`);
  }
});

test(`native: ${TRACED_CALLS} traced calls: the same records (NATIVE_SEED=${seed})`, async (t) => {
  const why = missing();
  if (why !== "") return t.skip(why);
  const { failure, calls, records } = await compareCalls(TRACED_CALLS, seed, true);
  t.equal(failure, "", "no difference");
  t.ok(calls >= TRACED_CALLS, `${calls} calls`);
  t.ok(records > TRACED_CALLS, `${records} records of calls that C has done`);
});
