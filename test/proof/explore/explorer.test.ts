/**
 * The explorer itself: it owns every operation, it finds what is broken on purpose, and a schedule
 * that it prints fails again.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { emitExplored, loadExplored, type Patch } from "./build.js";
import { MODES } from "./modes.js";
import { decodeSchedule, encodeSchedule } from "./schedule.js";
import { Search } from "./search.js";

const outDir = emitExplored("explorer-test");

test("explore: every operation of the kernel on the arena belongs to the scheduler", (t) => {
  const folder = join(outDir, "src");
  let functions = 0;
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => /^(arena|kernel)\b.*\.js$/.test(name))) {
    const text = readFileSync(join(folder, file), "utf8");
    functions += text.split("function*").length - 1;
    // Constants of these two hold Atomics; nobody calls them any more.
    const isSubstituted = /\b(atomic|doorbell)\.js$/.test(file);
    const left = text.match(isSubstituted ? /\$(words|own)\[/g : /\$(words|own)\[|Atomics\.\w+\(/g);
    t.equal(left, null, file);
  }
  t.ok(functions > 100, `${functions} functions can be left at an operation`);
  t.end();
});

/** Bugs that a search has to find, and where. */
const BUGS: readonly (Patch & { readonly scenario: string; readonly mode: string })[] = [
  {
    scenario: "death-send",
    mode: "kill",
    file: "src/kernel/message/send.ts",
    find: "(load($words, channel + L.CHANNEL_LIFE) !== life && takeBack(sending))",
    replace: "(false)",
  },
  {
    scenario: "stop-sleep",
    mode: "order",
    file: "src/kernel/task/doorbell.ts",
    find: "  add($words, task + L.TASK_BELL, 1);\n",
    replace: "",
  },
  {
    scenario: "stable-torn",
    mode: "kill",
    file: "src/kernel/stable.ts",
    find: ">>> L.STABLE_LENGTH_BITS) + 1;",
    replace: ">>> L.STABLE_LENGTH_BITS) + 2;",
  },
];

BUGS.forEach((bug, i) => {
  const title = `explore ${bug.scenario}: finds a bug in ${bug.file}, and its schedule fails again`;
  test(title, async (t) => {
    const broken = await loadExplored(emitExplored(`explore-bug-${i}`, bug));
    const scenario = broken.find(({ name }) => name === bug.scenario)!;
    const mode = MODES.find(({ name }) => name === bug.mode)!;
    const { failure } = new Search(scenario, mode.bounds).all();
    t.ok(failure !== null, `found: ${failure?.reason.split("\n")[0]}`);
    const schedule = failure?.schedule ?? "";
    const free = { ...mode.bounds, preemptions: 99, kills: 9 };
    const again = new Search(scenario, free).replay(schedule, () => undefined);
    t.equal(again?.split("\n")[0], failure?.reason.split("\n")[0], schedule);
    t.end();
  });
});

test("explore: a patch that does not fit, and a schedule that is none, are refused", (t) => {
  const patch = { file: "src/kernel/task/doorbell.ts", find: "no such text", replace: "" };
  t.throws(() => emitExplored("explore-bug-none", patch), /found 0 times, expected once/);
  const turns = decodeSchedule("@0>b.b12!.a3~c.a4+");
  t.equal(turns.length, 4);
  t.equal(encodeSchedule(turns), "@0>b.b12!.a3~c.a4+");
  t.throws(() => decodeSchedule("b12"), /found "b12"/);
  t.end();
});
