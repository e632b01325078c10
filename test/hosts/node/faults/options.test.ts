/**
 * Where the faults of a run come from: the command line, and a scenario.
 */
import { join } from "node:path";
import test from "tape";
import { InputError } from "reattach/node";
import { readFaultOptions } from "../../../../hosts/node/cli/fault-options.js";
import { folderOf } from "../temp-folder.js";

test("faults: a scenario, then those of the command line; its seed counts first", (t) => {
  const folder = folderOf(t, { "storm.json": { seed: 7, faults: ["kill:a:1s", "hang:b:2s"] } });
  const scenario = join(folder, "storm.json");
  const faults = ["kill:a:1s", "hang:b:2s"];
  t.deepEqual(readFaultOptions({ scenario }), { seed: 7, faults });
  t.deepEqual(readFaultOptions({ scenario, seed: "9", fault: ["kill:c:3s"] }), {
    seed: 9,
    faults: [...faults, "kill:c:3s"],
  });
  t.deepEqual(readFaultOptions({ seed: "3" }), { seed: 3, faults: [] });
  t.deepEqual(readFaultOptions({}).faults, []);
  t.end();
});

const WRONG: readonly [text: unknown, problem: RegExp][] = [
  ["{", /storm\.json: .*JSON/],
  [[], /storm\.json: found \[\], allowed is an object/],
  [{ seed: 1 }, /faults: found nothing, allowed is a list/],
  [{ faults: [] }, /seed: found nothing, allowed is a whole number/],
  [{ seed: -1, faults: [] }, /seed: found -1/],
  [{ seed: 1, faults: [2] }, /faults: found \[2\]/],
  [{ seed: 1, faults: [], duration: "2s" }, /found "duration", allowed are seed, faults/],
];

test("faults: a scenario that is none is said to be so", (t) => {
  for (const [content, problem] of WRONG) {
    const scenario = join(folderOf(t, { "storm.json": content }), "storm.json");
    t.throws(() => readFaultOptions({ scenario }), problem);
  }
  const scenario = join(folderOf(t, {}), "none.json");
  t.throws(() => readFaultOptions({ scenario }), /none\.json: ENOENT/);
  t.throws(() => readFaultOptions({ seed: "x" }), /--seed: found "x"/);
  try {
    readFaultOptions({ scenario });
  } catch (error) {
    t.equal((error as Error).name, "InputError", `an ${InputError.name}: exit code 2`);
  }
  t.end();
});
