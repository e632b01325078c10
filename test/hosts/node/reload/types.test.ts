/**
 * Types of what is saved: an error is told and the old code runs on, as with one of syntax.
 */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "tape";
import type { Build } from "../../../../hosts/node/reload/build.js";
import { type Files, folderOf } from "../temp-folder.js";
import { type Lab, lab, manifest, server, SERVER_TASK } from "./lab.js";

/** As it is built: it starts a thread, which there is in the build alone. */
const { TypeCheck } = (await import(
  new URL("../../../../dist/node/hosts/node/reload/types.js", import.meta.url).href
)) as typeof import("../../../../hosts/node/reload/types.js");

const REPOSITORY = fileURLToPath(new URL("../../../../", import.meta.url));

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    target: "ES2022",
    lib: ["ES2022"],
    module: "ESNext",
    moduleResolution: "bundler",
    types: [],
    skipLibCheck: true,
  },
  include: ["*.ts"],
};

/** What a typed application has more than another one. */
const TYPED: Files = {
  "tsconfig.json": TSCONFIG,
  "globals.d.ts": "declare const console: { log(text: string): void };",
};

/** The line of a save that is not taken. */
const FAILED = /^\[main\] the old code runs on: /;

/** A server of this version whose types are wrong: it runs all the same. */
function wrong(version: number): string {
  return `${server(version)}\nexport const wrong: number = "${version}";`;
}

/** Gives an application this package, and the compiler unless `compiler` has the files of one. */
function install(folder: string, compiler?: Files): void {
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  symlinkSync(REPOSITORY, join(modules, "reattach"));
  const own = join(modules, "typescript");
  if (compiler === undefined) {
    symlinkSync(join(REPOSITORY, "node_modules/typescript"), own);
    return;
  }
  mkdirSync(join(own, "lib"), { recursive: true });
  for (const [name, text] of Object.entries(compiler)) writeFileSync(join(own, name), String(text));
}

/** A typed application whose types have been looked at once. */
async function typed(t: test.Test, files: Files = {}, compiler?: Files): Promise<Lab> {
  const all = { ...TYPED, ...files };
  const made = await lab(t, all, undefined, {
    beforeBoot: (folder) => install(folder, compiler),
  });
  await made.until(/^\[main\] types are/, 0);
  return made;
}

function stepsOf({ news }: Lab): string[] {
  return news.map(({ step }) => step);
}

test("types: what is wrong is told with its place, and the old code runs on", async (t) => {
  const tasks = { server: { ...SERVER_TASK, standby: true }, client: { module: "client" } };
  const made = await typed(t, { "manifest.json": manifest(tasks) });
  t.match(made.seen.find((line) => line.includes("types are")) ?? "", /checked: typescript \d/);
  while (made.statusOf("server").standby !== "ready") await new Promise((go) => setTimeout(go, 5));
  const { pid } = made.statusOf("server");
  const told = await made.save({ "server.ts": wrong(2) }, FAILED);
  t.match(told, /server\.ts:\d+:14: TS2322: Type 'string' is not assignable to type 'number'/);
  t.equal(made.statusOf("server").pid, pid);
  t.equal(made.statusOf("server").standby, "ready", "what stands by still does");
  const [failed] = made.news;
  t.ok(failed?.step === "failed" && failed.problems.length === 1, "and to programs");
  const from = made.seen.length;
  await made.system.kill("server");
  await made.until(/^ready of server/, from);
  t.notOk(
    made.seen.some((line) => line.startsWith("[client] 0 2")),
    "also after a crash",
  );
  await made.save({ "server.ts": server(3) }, /^\[client\] 0 3 /);
  t.deepEqual(stepsOf(made).slice(0, 2), ["failed", "compiled"]);
});

test("types: a definition that two tasks share, and a file that has only types", async (t) => {
  const uses =
    'import { shared } from "./shared.js";\nimport type { Version } from "./version.js";';
  const version = "const version: Version = 1;";
  const other = 'import { shared } from "./shared.js";\nexport function main(): number {';
  const tasks = { server: SERVER_TASK, client: { module: "client" }, other: { module: "other" } };
  const made = await typed(t, {
    "manifest.json": manifest(tasks),
    "server.ts": server("Number(shared) + version - 1", "", `${uses}\n${version}`),
    "other.ts": `${other} return shared; }`,
    "shared.ts": "export const shared = 1;",
    "version.ts": "export type Version = number;",
  });
  const told = await made.save({ "shared.ts": 'export const shared = "2";' }, FAILED);
  t.match(told, /other\.ts:2:34: TS2322/, "it was not saved");
  t.notOk(/server\.ts/.test(told), "for the other it is right");
  await made.save({ "shared.ts": "export const shared = 3;" }, /^\[client\] 0 3 /);
  const typesOnly = await made.save({ "version.ts": "export type Version = string;" }, FAILED);
  t.match(typesOnly, /server\.ts:\d+:\d+: TS2322/);
  await made.save({ "version.ts": "export type Version = 1;" }, /^\{mended\}/);
  rmSync(join(made.folder, "version.ts"));
  t.match(await made.until(FAILED), /TS2307: Cannot find module '.\/version.js'/);
  await made.save({ "version.ts": "export type Version = number;" }, /^\{mended\}/);
  made.write({ "unused.ts": "nobody imports this" });
  await made.save({ "shared.ts": "export const shared = 4;" }, /^\[client\] 0 4 /);
});

test("types: what was wrong at the start is told, and holds nothing up", async (t) => {
  const made = await typed(t, { "server.ts": wrong(1) });
  t.match(await made.until(/type errors in what runs/, 0), /server\.ts:\d+:14: TS2322/);
  const more = `// Another line.\n${wrong(2)}`;
  await made.save({ "server.ts": more.replace('"2"', '"1"') }, /^\[client\] 0 2 /);
  const told = await made.save({ "server.ts": `${wrong(3)}\nnothing;` }, FAILED);
  t.match(told, /TS2304: Cannot find name 'nothing'/);
  t.notOk(/TS2322/.test(told), "what is known is not told again");
  await made.save({ "server.ts": server(4) }, /^\[client\] 0 4 /);
  await made.save({ "server.ts": wrong(5) }, FAILED);
});

test("types: a tsconfig.json that is broken or stricter is told, and mended", async (t) => {
  const text = "let noted;\nexport const note = (text) => (noted = text);";
  const loose = { ...TSCONFIG, compilerOptions: { ...TSCONFIG.compilerOptions, strict: false } };
  const made = await typed(t, {
    "tsconfig.json": { extends: "./base.json" },
    "base.json": loose,
    "server.ts": `${server(1)}\n${text}`,
  });
  t.match(await made.save({ "base.json": "{" }, FAILED), /base\.json:1:2: TS1005/);
  t.match(await made.save({ "base.json": TSCONFIG }, FAILED), /TS7006/);
  await made.save({ "base.json": loose }, /^\{mended\}/);
  await made.save({ "server.ts": server(2) }, /^\[client\] 0 2 /);
});

test("types: without a tsconfig.json it is said once; with one they are checked", async (t) => {
  const files = { "server.ts": wrong(1) };
  const made = await lab(t, files, undefined, { beforeBoot: install });
  t.match(await made.until(/types are/, 0), /not checked, only syntax: there is no tsconfig.json/);
  await made.save({ "server.ts": wrong(2) }, /^\[client\] 0 2 /);
  t.equal(made.seen.filter((line) => line.includes("types are")).length, 1);
  await made.save(TYPED, /types are checked: typescript/);
  t.match(await made.save({ "server.ts": `${server(3)}\nnothing;` }, FAILED), /TS2304/);
});

test("types: of a tsconfig.json that has no source of a task it is said", async (t) => {
  const made = await typed(t, { "tsconfig.json": { ...TSCONFIG, include: ["globals.d.ts"] } });
  t.match(made.seen.find((line) => line.includes("types are")) ?? "", /includes no source/);
  await made.save({ "server.ts": wrong(2) }, /^\[client\] 0 2 /);
});

test("types: JavaScript is replaced as ever, and nothing is said", async (t) => {
  const sources = { "server.ts": "", "client.ts": "", "client.js": "export function main() {}" };
  const tasks = { server: SERVER_TASK };
  const made = await lab(
    t,
    { ...TYPED, ...sources, "manifest.json": manifest(tasks), "server.js": server(1) },
    /^ready of server/,
    {
      beforeBoot: (folder) => {
        install(folder);
        rmSync(join(folder, "server.ts"));
      },
    },
  );
  await made.save({ "server.js": server(2) }, /^\{replaced\}/);
  t.notOk(made.seen.some((line) => line.includes("types are")));
});

test("types: of a compiler that programs cannot use it is said", async (t) => {
  const native = { "package.json": '{ "version": "7.0.2" }' };
  const made = await typed(t, {}, native);
  const said = made.seen.find((line) => line.includes("types are")) ?? "";
  t.match(said, /not checked, only syntax: typescript 7\.0\.2 cannot be used from a program/);
  await made.save({ "server.ts": wrong(2) }, /^\[client\] 0 2 /);
});

/** The compiler, which does something before it looks at a program. */
function compilerThat(does: string): Files {
  return {
    "package.json": '{ "version": "5.9.9" }',
    "lib/typescript.js": `
      const ts = require(${JSON.stringify(join(REPOSITORY, "node_modules/typescript"))});
      const fs = require("node:fs");
      const is = (name) => fs.existsSync(__dirname + "/../../../" + name);
      module.exports = {
        ...ts,
        createSemanticDiagnosticsBuilderProgram: (...program) => {
          ${does}
          return ts.createSemanticDiagnosticsBuilderProgram(...program);
        },
      };`,
  };
}

/** As long as there is a file "die" in the folder of the application, or "wait". */
const MORTAL = compilerThat('if (is("die")) throw new Error("out of order");');
const SLOW = compilerThat('while (is("wait"));');

test("types: a check that takes too long is not waited for, and its errors are told", async (t) => {
  const folder = folderOf(t, { ...TYPED, wait: "", "server.ts": wrong(1) });
  install(folder, SLOW);
  const file = join(folder, "server.ts");
  const program = { url: "", inputs: [file], exports: ["main"], digest: "" };
  const build = {
    app: { dir: folder },
    programs: new Map([[file, program]]),
    begun_ms: Date.now(),
  } as unknown as Build;
  const said: string[] = [];
  let heard = (): void => undefined;
  const log = (level: string, text: string): void => {
    said.push(`${level}: ${text}`);
    heard();
  };
  const check = new TypeCheck(log, () => undefined, 50);
  t.teardown(() => check.close());
  const alive = setInterval(() => undefined, 1_000);
  const found = await check.look(build, new AbortController().signal);
  t.deepEqual(found, { problems: [], all: null }, "nothing is known");
  t.deepEqual(said, ["warn: types were not checked in 50 ms: it runs without"]);
  const told = new Promise<void>((resolve) => (heard = () => said.length === 3 && resolve()));
  rmSync(join(folder, "wait"));
  await told;
  clearInterval(alive);
  t.match(said[1]!, /^info: types are checked/);
  t.match(said[2]!, /^error: type errors in what runs: .*server\.ts:\d+:14: TS2322/);
});

test("types: a compiler that dies is told, and started again when it is needed", async (t) => {
  const made = await typed(t, {}, MORTAL);
  made.write({ die: "" });
  const from = made.seen.length;
  await made.save({ "server.ts": wrong(2) }, /^\[client\] 0 2 /);
  t.match(await made.until(/types are/, from), /not checked: the thread has died: out of order/);
  rmSync(join(made.folder, "die"));
  const told = await made.save({ "server.ts": `${wrong(3)}\nnothing;` }, FAILED);
  t.match(told, /TS2304/);
});
