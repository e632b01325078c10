/**
 * The compiler of programs: what an import becomes, when it compiles again, what errors say, and
 * stack traces in the program's own terms.
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import test from "tape";
import { CompileError, Compiler } from "../../../hosts/node/compile/compile.js";
import { type Files, folderOf, writeFiles } from "./temp-folder.js";

const HOST = fileURLToPath(new URL("../../../hosts/node/", import.meta.url));
const COMPILER = pathToFileURL(join(HOST, "compile/compile.ts")).href;

/** A folder, and a compiler for it: modules of `map`, and `runtime.mjs` for "reattach". */
function project(t: test.Test, files: Files, map: Readonly<Record<string, string>> = {}) {
  const folder = folderOf(t, { "runtime.mjs": "export const state = { count: 0 };", ...files });
  const compiler = new Compiler({
    modules: new Map(Object.entries(map).map(([name, path]) => [name, join(folder, path)])),
    runtime: new Map([["reattach", pathToFileURL(join(folder, "runtime.mjs")).href]]),
  });
  t.teardown(() => compiler.stop());
  return { folder, compiler, entry: join(folder, "entry.ts") };
}

test("compile: finds a module by name, by path and in packages", async (t) => {
  const { folder, compiler, entry } = project(
    t,
    {
      "entry.ts": `
        import { own } from "lib/own";
        import { hidden } from "path";
        import { near } from "./near.js";
        import { packed } from "packed";
        import old from "old";
        import { EOL } from "node:os";
        import { createRequire } from "node:module";
        export const require = [createRequire];
        export const all: string[] = [own, hidden, near, packed, old.EOL, EOL];
        export function main(): void {}`,
      "own.ts": 'export { own } from "./deep/own.js";',
      "deep/own.ts": 'export const own = "own";',
      "hidden.js": 'export const hidden = "the manifest hides a module of Node";',
      "near.ts": 'export const near: string = "near";',
      "node_modules/packed/package.json": { type: "module", exports: "./index.js" },
      "node_modules/packed/index.js": 'export const packed = "packed";',
      "node_modules/old/package.json": { main: "index.js" },
      "node_modules/old/index.js": 'module.exports = { EOL: require("os").EOL };',
    },
    { "lib/own": "own.ts", path: "hidden.js" },
  );
  const program = await compiler.compile(entry);
  const { all } = (await import(program.url)) as { all: string[] };
  t.deepEqual(all.slice(0, 4), ["own", "the manifest hides a module of Node", "near", "packed"]);
  t.equal(all[4], all[5], "CommonJS may require() modules of Node");
  t.deepEqual([...program.exports].sort(), ["all", "main", "require"]);
  t.deepEqual(program.inputs.map((file) => relative(folder, file)).sort(), [
    "deep/own.ts",
    "entry.ts",
    "hidden.js",
    "near.ts",
    "node_modules/old/index.js",
    "node_modules/packed/index.js",
    "own.ts",
  ]);
});

test('compile: all that import "reattach" share one instance', async (t) => {
  const { compiler, folder } = project(t, {
    "a.ts": 'import { state } from "reattach"; export { state }; export { viaLibrary } from "lib";',
    "b.ts": 'export { state } from "reattach";',
    "node_modules/lib/package.json": { main: "index.mjs" },
    "node_modules/lib/index.mjs": 'export { state as viaLibrary } from "reattach";',
  });
  const a = (await import((await compiler.compile(join(folder, "a.ts"))).url)) as {
    state: object;
    viaLibrary: object;
  };
  const b = (await import((await compiler.compile(join(folder, "b.ts"))).url)) as { state: object };
  t.equal(a.state, b.state, "two programs");
  t.equal(a.state, a.viaLibrary, "a program and a library in it");
});

/** Entry, and the problems it has; `@` stands for the folder. */
const BAD_PROGRAMS: [title: string, files: Files, problems: string[]][] = [
  [
    "syntax",
    { "entry.ts": "\n  const = 1;" },
    ['@/entry.ts:2:9: Expected identifier but found "="'],
  ],
  [
    "modules that do not exist, all of them",
    { "entry.ts": 'import "./gone.js";\nimport "timer";' },
    ['@/entry.ts:1:8: Could not resolve "./gone.js"', '@/entry.ts:2:8: Could not resolve "timer"'],
  ],
  [
    "an export that does not exist, of an imported file",
    {
      "entry.ts": 'import "./b.js";',
      "b.ts": 'import { x } from "./c.js"; x();',
      "c.ts": "export {};",
    },
    ['@/b.ts:1:10: No matching export in "c.ts" for import "x"'],
  ],
  [
    "a part of this package that is not public",
    { "entry.ts": 'import "reattach/kernel/send";' },
    ['@/entry.ts:1:8: found "reattach/kernel/send", allowed is reattach'],
  ],
  ["no file", {}, ['Could not resolve "@/entry.ts"']],
];

test("compile: throws a CompileError with every problem, its file, line and column", async (t) => {
  for (const [title, files, problems] of BAD_PROGRAMS) {
    const { compiler, entry, folder } = project(t, files);
    try {
      await compiler.compile(entry);
      t.fail(title);
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      const found = error.problems.map((problem) =>
        problem.replaceAll(relative(process.cwd(), folder), "@").replaceAll(folder, "@"),
      );
      t.deepEqual(found, problems, title);
    }
  }
});

test("compile: compiles again when an input has changed, and only then", async (t) => {
  const { compiler, entry, folder } = project(t, {
    "entry.ts": 'export { value } from "./value.js";',
    "value.ts": "export const value = 1;",
  });
  const valueOf = async (): Promise<unknown> =>
    ((await import((await compiler.compile(entry)).url)) as { value: unknown }).value;
  const first = await compiler.compile(entry);
  t.equal(await compiler.compile(entry), first, "nothing has changed");
  writeFiles(folder, { "other.ts": "", "value.ts": "export const value = 10;" });
  t.equal(await valueOf(), 10, "another length, the same time");
  rmSync(join(folder, "value.ts"));
  await compiler.compile(entry).then(
    () => t.fail("an input is gone"),
    (error: unknown) => t.ok(error instanceof CompileError, "an input is gone"),
  );
  writeFiles(folder, { "value.ts": "export const value = 200;" });
  t.equal(await valueOf(), 200, "an input is back");
});

test("compile: does not trust a file that may have been saved while it was read", async (t) => {
  const { compiler, entry, folder } = project(t, { "entry.ts": "export const value = 1;" });
  const now = new Date();
  writeFiles(folder, { "entry.ts": "export const value = 1;" }, now);
  const first = await compiler.compile(entry);
  writeFiles(folder, { "entry.ts": "export const value = 2;" }, now);
  t.notEqual((await compiler.compile(entry)).url, first.url, "same time and length, new content");
  rmSync(entry);
  await compiler.compile(entry).then(
    () => t.fail("it is gone"),
    (error: unknown) => t.ok(error instanceof CompileError, "it is gone"),
  );
});

/** Runs a program in a bare worker thread; resolves to the stack of what its main() throws. */
async function stackOf(compiler: Compiler, entry: string): Promise<string> {
  const { url: maps } = await compiler.compile(join(HOST, "compile/source-maps.ts"));
  const { url: program } = await compiler.compile(entry);
  const script = `
    const { parentPort, workerData: { maps, program } } = require("node:worker_threads");
    import(maps)
      .then(({ installSourceMaps }) => installSourceMaps())
      .then(() => import(program))
      .then(({ main }) => main())
      .catch((error) => parentPort.postMessage(error.stack));`;
  const worker = new Worker(script, { eval: true, execArgv: [], workerData: { maps, program } });
  return new Promise((resolve, reject) => {
    worker.on("message", resolve);
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("main() threw nothing")));
  });
}

test("compile: stack traces in a worker name the sources", async (t) => {
  const { compiler, entry, folder } = project(t, {
    "entry.ts": `import { check } from "./a folder/check.js";
interface Unused { gone: true }
export async function main(): Promise<void> {
  await Promise.resolve();
  check(undefined);
}`,
    "a folder/check.ts": `type Gone = string;

export function check(value: Gone | undefined): void {
  new Checker().run(value);
}
class Checker {
  run(value: unknown): void {
    if (value === undefined) throw new TypeError("no value");
  }
}`,
  });
  const [first, ...frames] = (await stackOf(compiler, entry)).split("\n");
  t.equal(first, "TypeError: no value");
  t.deepEqual(
    frames.slice(0, 3).map((frame) => frame.trim().replace(folder, "@")),
    [
      "at Checker.run (@/a folder/check.ts:8:36)",
      "at check (@/a folder/check.ts:4:17)",
      "at main (@/entry.ts:5:3)",
    ],
  );
});

test("stop: may be called at any time, and the next compile() works", async (t) => {
  const { compiler, entry } = project(t, { "entry.ts": "export const value = 1;" });
  const { compiler: other, entry: otherEntry } = project(t, { "entry.ts": "export {};" });
  const [program] = await Promise.all([other.compile(otherEntry), compiler.stop()]);
  t.deepEqual(program.inputs, [otherEntry], "what another compiler is at is finished");
  await compiler.stop();
  const first = await compiler.compile(entry);
  await compiler.stop();
  await compiler.stop();
  writeFiles(join(entry, ".."), { "entry.ts": "export const value = 22;" });
  t.notEqual((await compiler.compile(entry)).url, first.url);
});

test("compile: keeps no process alive that forgets to stop it", (t) => {
  const { folder, entry } = project(t, {
    "entry.ts": "export const value = 1;",
    "forget.mts": `
      import { Compiler } from ${JSON.stringify(COMPILER)};
      const compiler = new Compiler({ modules: new Map(), runtime: new Map() });
      const program = await compiler.compile(process.argv[2]!);
      console.log(program.exports.join());`,
  });
  const child = spawnSync(
    process.execPath,
    ["--import", "tsx", join(folder, "forget.mts"), entry],
    { encoding: "utf8", timeout: 30_000 },
  );
  t.equal(child.stderr, "");
  t.equal(child.stdout, "value\n");
  t.equal(child.status, 0, "it ended by itself");
  t.end();
});
