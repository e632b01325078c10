/**
 * The models, in all searches of runs.ts.
 */
import test from "tape";
import { figure } from "../verify/figure.js";
import { check, missingTools } from "./check.js";
import { RUNS } from "./runs.js";

/** A bitstate search with fewer free bits a state than this may have missed some. */
const HASH_FACTOR_MIN = 10;
/** Enough of a trail to see what happened at its end. */
const TRAIL_LINES = 60;

const missing = missingTools();

test(
  "model: what is needed to check it is installed",
  { skip: missing === "" ? false : `${missing} not found: apt install spin gcc` },
  (t) => {
    t.pass("spin and a C compiler");
    t.end();
  },
);

for (const run of missing === "" ? RUNS : []) {
  const { title, model, defines, search, isControl = false, statesMin = 100 } = run;
  test(`model ${model} ${defines.join(" ")}: ${title}`, async (t) => {
    const { states, transitions, depth, errors, incomplete, hashFactor, trail } = await check(run);
    if (isControl) {
      t.ok(errors > 0, `SPIN finds the error, after ${states} states`);
      return;
    }
    t.equal(errors, 0, "no error");
    if (search !== "bitstate") t.equal(incomplete, "", "nothing is left out");
    t.ok(states >= statesMin, `${states} states, ${transitions} transitions, depth ${depth}`);
    if (search === "bitstate") t.ok(hashFactor >= HASH_FACTOR_MIN, `hash factor ${hashFactor}`);
    figure(t, search === "bitstate" ? "states by hashing" : "states", states);
    if (errors > 0) for (const line of trail.split("\n").slice(-TRAIL_LINES)) t.comment(line);
  });
}
