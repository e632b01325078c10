/**
 * How long `reattach simulate` runs.
 */
import test from "tape";
import { readLength } from "../../../../hosts/node/cli/length.js";

test("simulate: how many hours, in how many runs", (t) => {
  t.deepEqual(readLength(undefined, undefined, false), { hours: 1, runs: 10 });
  t.deepEqual(readLength(undefined, "3", false), { hours: 1, runs: 3 });
  t.deepEqual(readLength("24", "100", false), { hours: 24, runs: 100 }, "of each run");
  t.deepEqual(readLength("2", undefined, false), { hours: 2, runs: 1 });
  t.deepEqual(readLength("10", undefined, false), { hours: 10, runs: 1 });
  t.deepEqual(readLength("200", undefined, false), { hours: 10, runs: 20 }, "of all together");
  t.deepEqual(readLength("25", undefined, false), { hours: 25 / 3, runs: 3 });
  t.deepEqual(readLength("25", undefined, true), { hours: 25, runs: 1 }, "faults at their times");
  t.deepEqual(readLength("0", undefined, false), { hours: 0, runs: 1 });
  t.throws(() => readLength("-1", undefined, false), /--hours: found "-1", allowed is a number/);
  t.throws(() => readLength("1", "0", false), /--runs: found "0", allowed is a whole number/);
  t.end();
});
