/**
 * The trace of a run: a file that Perfetto opens, of a run that is the same without it.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { RunTrace } from "../../../../hosts/node/simulate/run-trace.js";
import { FAULT_KINDS } from "../../../../hosts/node/simulate/plan.js";
import type { TrialOptions } from "../../../../hosts/node/simulate/trial.js";
import { TraceFile } from "../../../../hosts/node/trace/trace-file.js";
import { reattach } from "../run-process.js";
import { folderOf } from "../temp-folder.js";
import { storeApp } from "./store-app.js";
import { problemsIn, type TraceEvent } from "../trace/format.js";
import { prepare, runTrial } from "./prepared.js";

const GREENHOUSE = join(import.meta.dirname, "../../../../examples/greenhouse");

const OPTIONS: Omit<TrialOptions, "seed"> = {
  duration_ms: 120_000,
  kinds: FAULT_KINDS,
  plan: null,
  preemption: 20,
  allowsIo: false,
  until: null,
  goOn: () => true,
};

function eventsIn(file: string): TraceEvent[] {
  return JSON.parse(readFileSync(file, "utf8")) as TraceEvent[];
}

test("simulate: a run with a trace is the run without it", async (t) => {
  const app = await prepare(GREENHOUSE);
  const folder = folderOf(t, {});
  for (const seed of [1, 4]) {
    const plain = await runTrial(app, { ...OPTIONS, seed });
    const trace = new RunTrace(app.manifest, null);
    const traced = await runTrial(app, { ...OPTIONS, seed, trace });
    t.deepEqual({ ...traced }, { ...plain }, `seed ${seed}: ${plain.hash}`);
    const file = join(folder, `${seed}.json`);
    t.equal(await trace.writeTo(new TraceFile(file)), "");
    const events = eventsIn(file);
    t.deepEqual(problemsIn(events).slice(0, 5), []);
    t.ok(
      events.some(({ name, ph }) => ph === "X" && name === "REPLY"),
      "messages",
    );
    const ended_us = plain.simulated_ms * 1_000;
    t.ok(
      events.every(({ ts = 0 }) => ts <= ended_us),
      "virtual time",
    );
  }
  await app.stop();
});

/** A store that acts twice where it dies before it has answered, and a client that asks often. */
const STORE = {
  ...storeApp(10),
  "simulation.ts": `
export const checks = () => {
  let last = "";
  let isAgain = false;
  return {
    on: {
      line: ({ task, text }) => {
        if (task !== "store") return;
        if (text === last) isAgain = true;
        last = text;
      },
    },
    never: { "a value is put twice": () => isAgain },
  };
};`,
};
const LONG = ["--hours", "0.02"];

test("simulate --trace: what led to the failure, to the failure and no further", async (t) => {
  const folder = folderOf(t, STORE);
  const file = join(folder, "trace.json");
  // So late that the rings have gone round: what is far behind is left out.
  const fault = "kill:store@after-effect:PUT#3000";
  const argv = ["simulate", folder, ...LONG, "--fault", fault, "--trace", file, "--json"];
  const { code, stdout } = await reattach(argv).ended;
  t.equal(code, 1);
  const printed = JSON.parse(stdout) as {
    readonly trace: string;
    readonly failures: readonly { readonly at_ms: number }[];
  };
  t.equal(printed.trace, `trace: ${file} has the last messages, for ui.perfetto.dev`);
  const events = eventsIn(file);
  t.deepEqual(problemsIn(events).slice(0, 5), []);
  const tidOf = (task: string): number =>
    events.find(({ name, args }) => name === "thread_name" && args?.["name"] === task)!.tid;
  const at = (task: string, text: RegExp): number =>
    events
      .filter(({ ph, tid, name }) => ph === "i" && tid === tidOf(task) && text.test(name))
      .at(-1)?.ts ?? NaN;
  const struck = at("board", /^fault: kill:store@after-effect:PUT#3000$/);
  const died = at("store", /^death$/);
  const began = at("store", /^start$/);
  const recovered = at("client", /^recovered$/);
  const failed = at("board", /^failed: a value is put twice/);
  t.ok(struck <= died && died <= began && began <= recovered, `${struck}, ${died}, ${began}`);
  t.ok(recovered <= failed, `${recovered}, ${failed}`);
  t.equal(Math.floor(failed / 1_000), Math.floor(printed.failures[0]!.at_ms), "on one clock");
  t.ok(events.every(({ ts = 0 }) => ts <= failed));
  t.ok(
    events.some(({ args }) => Number(args?.["lost"] ?? 0) > 0),
    "it says how much is left out",
  );
  const calls = events.filter(({ ph, cat }) => ph === "b" && cat === "call").length;
  t.ok(calls > 400 && calls < 2_000, `${calls} messages`);
});

test("simulate --trace: a run without a failure, of several none, and no file", async (t) => {
  const folder = folderOf(t, STORE);
  const argv = (file: string, ...more: string[]): string[] => [
    "simulate",
    folder,
    ...LONG,
    "--faults",
    "none",
    ...more,
    "--trace",
    join(folder, file),
  ];
  const one = await reattach(argv("one.json", "--runs", "1")).ended;
  t.equal(one.code, 0);
  t.match(one.stdout, /trace: .*one\.json has the last messages, for ui\.perfetto\.dev\n$/);
  t.deepEqual(problemsIn(eventsIn(join(folder, "one.json"))).slice(0, 5), []);
  const two = await reattach(argv("two.json", "--runs", "2")).ended;
  t.match(two.stdout, /trace: nothing has failed, so nothing was written\n$/);
  t.notOk(existsSync(join(folder, "two.json")));
  const wrong = await reattach(argv("nowhere/three.json")).ended;
  t.equal(wrong.code, 2);
  t.match(wrong.stderr, /trace: .*three\.json cannot be written/);
});
