/**
 * Runs by several jobs: what comes of them is that of one, and a signal ends them with what there
 * is.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { coresOf } from "../../../../hosts/node/simulate/jobs/process-job.js";
import { Patience } from "../../../patience.js";
import { reattach } from "../run-process.js";
import { folderOf } from "../temp-folder.js";

const PATIENCE_MS = 60_000;

/** What is the same with any number of jobs. */
interface Printed {
  readonly runs: number;
  readonly failures: readonly object[];
  readonly isCut: boolean;
  readonly speed?: object;
}

/** It fails in every run that has a kill, each time by the same check. */
const FRAIL = {
  "manifest.json": {
    modules: { "*": ["./frail"] },
    config: { reattach: { tasks: { frail: { module: "frail" } } } },
  },
  "frail.ts": `
import { delay } from "reattach";
export function main() {
  for (;;) delay(100 + Math.random() * 1_000);
}`,
  "simulation.ts": `
export const checks = () => ({ never: { "it has died": (app) => app.deaths.length > 0 } });`,
};

test("simulate --jobs: the same results, in the order of their seeds, as with one", async (t) => {
  const folder = folderOf(t, FRAIL);
  const printed: Printed[] = [];
  for (const jobs of ["1", "3"]) {
    const argv = ["simulate", folder, "--hours", "0.02", "--runs", "5", "--seed", "3"];
    const { stdout } = await reattach([...argv, "--faults", "kill", "--jobs", jobs, "--json"])
      .ended;
    const { speed, ...rest } = JSON.parse(stdout) as Printed;
    t.ok(speed, "what differs");
    printed.push(rest);
  }
  t.deepEqual(printed[1], printed[0]);
  t.equal(printed[0]!.runs, 5);
  t.ok(printed[0]!.failures.length > 1, "in more than one run");
});

test("simulate --jobs: what is wrong in a program ends all of them", async (t) => {
  const folder = folderOf(t, { ...FRAIL, "frail.ts": "export const nothing = ;" });
  const { code, stderr } = await reattach(["simulate", folder, "--jobs", "2"]).ended;
  t.equal(code, 2);
  t.match(stderr, /frail\.ts/);
});

for (const jobs of ["1", "2"]) {
  test(`simulate --jobs ${jobs}: a signal ends it, with what there is so far`, async (t) => {
    const begun = join(folderOf(t, {}), "begun");
    const tasks = { writer: { module: "writer", args: { begun } } };
    const folder = folderOf(t, {
      "manifest.json": { modules: { "*": ["./writer"] }, config: { reattach: { tasks } } },
      "writer.ts": `
import { writeFileSync } from "node:fs";
import { delay } from "reattach";
export function main({ begun }) {
  writeFileSync(begun, "");
  for (;;) delay(1_000);
}`,
    });
    const argv = ["simulate", folder, "--hours", "10000", "--runs", "3", "--allow-io"];
    const { child, ended } = reattach([...argv, "--faults", "none", "--jobs", jobs, "--json"]);
    const patience = new Patience(PATIENCE_MS);
    while (!existsSync(begun)) {
      if (patience.isOver) throw new Error("it never began");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    t.equal(code, 0, "nothing was found so far");
    const printed = JSON.parse(stdout) as Printed;
    t.ok(printed.isCut);
    t.ok(printed.runs <= Number(jobs), `${printed.runs} runs were under way`);
  });
}

test("coresOf: as taskset lists them", (t) => {
  t.deepEqual(coresOf(" 0\n"), [0]);
  t.deepEqual(coresOf("0-2,5"), [0, 1, 2, 5]);
  t.deepEqual(coresOf(""), []);
  t.end();
});
