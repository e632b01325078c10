/**
 * Definitions of services are looked at when a system is booted: what is wrong with one is said
 * before a task runs. For a board check.test.ts and `npm run test:sdk` have the same.
 */
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import test, { type Test } from "tape";
import { boot, ManifestError } from "reattach/node";
import { Compiler } from "../../../hosts/node/compile/compile.js";
import { checkFolder } from "./built-check.js";
import { reattach } from "./run-process.js";
import { type Files, folderOf } from "./temp-folder.js";

type Check = typeof import("../../../hosts/node/definitions/check.js");
/** As it is built: it starts a thread, which there is in the build alone. */
const BUILT = new URL("../../../dist/node/hosts/node/definitions/check.js", import.meta.url);
const { loadDefinitions } = (await import(BUILT.href)) as Check;

const TASK = `import { serve } from "reattach/service";
import { Kettle } from "./kettle.js";
export function main() {
  serve(Kettle, { boil: () => undefined });
}
`;

/** A service whose request takes as many bytes, and 4 for its tag. */
function kettle(bytes: number): string {
  return `import { bytes, call, defineService } from "reattach/service";

export const Kettle = defineService("kettle", { boil: call({ raw: bytes(${bytes}) }, {}) });
`;
}

function application(files: Files, limits: object = {}): Files {
  return {
    "manifest.json": {
      modules: { "*": "./task" },
      config: { reattach: { limits, tasks: { task: { module: "task" } } } },
    },
    "task.ts": TASK,
    ...files,
  };
}

/** The problems that boot() rejects with; none when it does not. */
async function problemsOf(t: Test, files: Files): Promise<readonly string[]> {
  const folder = folderOf(t, files);
  try {
    await boot(folder);
    return [];
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return error.problems.map((problem) => problem.replaceAll(`${relative("", folder)}/`, "@/"));
  }
}

test("boot: messages longer than messageBytes, with place, numbers and the key", async (t) => {
  t.deepEqual(await problemsOf(t, application({ "kettle.ts": kettle(128) })), [
    "@/kettle.ts:3:23: kettle.boil: its request has 132 bytes, " +
      "config.reattach.limits.messageBytes allows 128",
  ]);
  t.deepEqual(await problemsOf(t, application({ "kettle.ts": kettle(124) })), [], "as many");
  const more = application({ "kettle.ts": kettle(128) }, { messageBytes: 132 });
  t.deepEqual(await problemsOf(t, more), [], "with a limit that has room");
});

test("boot: all services that do not fit, a reply too, and what is no definition", async (t) => {
  const files = application({
    "kettle.ts": kettle(200),
    "task.ts": `import { array, call, defineService, f64, u8 } from "reattach/service";
import { Kettle } from "./kettle.js";
const Weights = defineService("weights", {
  tare: call({}, {}),
  read: call({ scale: u8 }, { grams: array(f64, 17) }),
});
export const main = () => trace(Weights.name + Kettle.name);
`,
    "main.ts": `import { call, defineService } from "reattach/service";
export const Wrong = defineService("wrong", { call: call({ flag: "u8" as never }, {}) });
`,
    "manifest.json": {
      modules: { "*": ["./task", "./main"] },
      config: { reattach: { tasks: { task: { module: "task" } } } },
    },
  });
  const allows = "config.reattach.limits.messageBytes allows 128";
  t.deepEqual([...(await problemsOf(t, files))].sort(), [
    `@/kettle.ts:3:23: kettle.boil: its request has 204 bytes, ${allows}`,
    "@/main.ts:2:22: wrong.call.request.flag: this is no field",
  ]);
  const other = { ...files, "kettle.ts": kettle(8), "main.ts": "" };
  t.deepEqual(await problemsOf(t, other), [
    `@/task.ts:3:17: weights.read: its reply has 136 bytes, ${allows}`,
  ]);
});

test("boot: what else modules do when they are loaded is their tasks' affair", async (t) => {
  const files = (first: string): Files =>
    application({ "kettle.ts": `${first}\n${kettle(128).replace("\n\n", "\n")}` });
  t.equal((await problemsOf(t, files("setTimeout(() => { throw 1; });"))).length, 1, "later");
  t.deepEqual(await problemsOf(t, files("throw new Error();")), [], "a task will die of it");
  t.deepEqual(await problemsOf(t, files("syntax error;")), [], "and of this");
});

test("boot: a module that ends the thread keeps services from being looked at: said", async (t) => {
  const folder = folderOf(t, application({ "kettle.ts": `process.exit();\n${kettle(128)}` }));
  const { problems, notes } = await checkFolder(folder, "node", "");
  t.deepEqual(problems, []);
  t.match(notes.join(), /^services were not looked at: to load \S+kettle\.ts ends the thread, or/);
  const { stderr } = await reattach(["run", folder, "--duration", "1ms"]).ended;
  t.match(stderr, /warn +\[main\] services were not looked at: to load/);
});

test("boot: what a module throws that its thread cannot catch is said too", async (t) => {
  const throwing = `process.removeAllListeners("uncaughtException");
setTimeout(() => { throw new Error("late"); });
await new Promise(() => undefined);
${kettle(4)}`;
  const folder = folderOf(t, application({ "kettle.ts": throwing }));
  const { problems, notes } = await checkFolder(folder, "node", "");
  t.deepEqual(problems, []);
  t.match(notes.join(), /^services were not looked at: \S+kettle\.ts: late$/);
});

test("definitions: nobody waits for a module that never ends", async (t) => {
  const folder = folderOf(t, {});
  const compiler = new Compiler({ modules: new Map(), runtime: new Map() });
  // Until the test is over.
  const shell = `while [ -d '${folder}' ]; do sleep 0.1; done`;
  const reasons: [source: string, why: RegExp][] = [
    [`spawnSync("sh", ["-c", ${JSON.stringify(shell)}]);`, /takes more than 300 ms$/],
    [`for (;;);`, /takes more than 300 ms$/],
    [`for (const all = []; ; ) all.push(new Array(1e5).fill(0.5));`, /memory/],
  ];
  for (const [source, why] of reasons) {
    const file = join(folder, "kettle.ts");
    writeFileSync(file, `import { spawnSync } from "node:child_process";\n${source}\n`);
    const programs = [await compiler.compile(file)];
    const limit_ms = why.test("memory") ? undefined : 300;
    const { unchecked } = await loadDefinitions({ files: [file], programs }, 128, limit_ms);
    t.match(unchecked, why, source);
  }
});

test("run: messages longer than messageBytes: exit code 2, and nothing has run", async (t) => {
  const folder = folderOf(t, application({ "kettle.ts": kettle(128) }));
  const { code, stdout, stderr } = await reattach(["run", folder]).ended;
  t.equal(code, 2);
  t.equal(stdout, "");
  t.match(stderr, /kettle\.ts:3:23: kettle\.boil: its request has 132 bytes, config\.reattach\./);
  t.doesNotMatch(stderr, /running/, "it was not started");
});
