/**
 * Any call with any argument, from four tasks at once: the honest are not harmed, and nothing is
 * left behind. HOSTILE_CALLS says how many calls; sequences.verify.ts makes a million.
 */
import test from "tape";
import { figure } from "../verify/figure.js";
import * as api from "../../../src/index.js";
import { undescribed } from "./calls.js";
import { isReplay, playMany, seeded } from "./sequences.js";

const CALLS = Number(process.env["HOSTILE_CALLS"] ?? 30_000);

test("hostile calls: all of the public API is among them", (t) => {
  t.deepEqual(undescribed(api), [], "every function's parameters are described");
  t.end();
});

test(seeded("hostile calls: the honest get their answers, and nothing leaks"), (t) => {
  const calls = playMany(CALLS, false);
  t.ok(isReplay || calls >= CALLS, `${calls} calls`);
  figure(t, "hostile calls", calls);
  t.end();
});

test(
  seeded("garbage in one's own records: the honest get their answers, and nothing leaks"),
  (t) => {
    const calls = playMany(CALLS, true);
    t.ok(isReplay || calls >= CALLS, `${calls} calls`);
    figure(t, "hostile calls", calls);
    t.end();
  },
);
