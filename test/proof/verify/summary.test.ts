/**
 * The summary: what it reads from TAP, and that nothing that went wrong is lost in it.
 */
import test from "tape";
import type { Stage } from "./stages.js";
import { readStage, totals, toTable } from "./summary.js";

const STAGE: Stage = { name: "kill", title: "kills", words: [] };

test("summary: sums passes, failures and figures of several processes", (t) => {
  const tap = ["# figure kills 12", "# pass  3", "# fail  1", "# figure kills 30", "# pass  4"];
  const result = readStage(STAGE, tap.join("\n"), 1, 60);
  t.deepEqual([result.passed, result.failed, result.skipped], [7, 1, 0]);
  t.deepEqual(result.figures, { kills: 42 });
  t.match(toTable([result]), /7 passed, 1 failed$/);
  t.match(toTable([result]), /42 kills/);
  t.end();
});

test("summary: a crash is a failure, and so is a stage that asserts nothing", (t) => {
  t.equal(readStage(STAGE, "# pass  3", 1, 0).failed, 1, "a crash");
  t.equal(readStage(STAGE, "", 0, 0).failed, 1, "nothing");
  t.equal(readStage(STAGE, "# pass  3", 0, 0).failed, 0, "neither");
  t.end();
});

test("summary: what was skipped is said", (t) => {
  const result = readStage(STAGE, "ok 1 # SKIP spin is not installed\n# pass  1", 0, 0);
  t.equal(result.skipped, 1);
  t.equal(totals([result]).skipped, 1);
  t.match(toTable([result]), /1 skipped/);
  t.end();
});
