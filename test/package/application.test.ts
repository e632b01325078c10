/**
 * The package as its users get it: packed, installed into an empty folder, with applications that
 * are pasted from README.md and docs/services.md. What they promise must work as it stands there.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import ts from "typescript";
import { writeFiles } from "../hosts/node/temp-folder.js";
import { install, MANIFEST, PROGRAMS, programs, ROOT, run } from "./packed.js";
import { tryNew } from "./scaffold.js";

const GUIDE = programs("docs/services.md");
/** Answers after which enough servers have been killed. */
const ANSWERS = 30;

/** The numbers of the messages that the panel says were answered, in order. */
function answersIn(output: string): number[] {
  const lines = output.matchAll(/message (\d+): status 0, sensor (\d) has ([\d.]+) °C/g);
  const isRight = ([, n, sensor, celsius]: RegExpMatchArray): boolean =>
    Number(sensor) === Number(n) % 8 && Number(celsius) === 20.5 + Number(sensor);
  return [...lines].filter(isRight).map(([, n]) => Number(n));
}

const hasEnough = (output: string): boolean => answersIn(output).length >= ANSWERS;

test("README: its application is found to be right, and its arena is shown", async (t) => {
  const folder = install();
  const checked = await run(folder, ["npx", "reattach", "check", "."]);
  t.equal(checked.code, 0, `reattach check: ${checked.output}`);
  const shown = await run(folder, ["npx", "reattach", "layout"]);
  t.equal(shown.code, 0, "reattach layout");
  t.match(shown.output, /100\.0% +total/, "with its sum");
});

test("README: its client gets every answer, though its server is killed", async (t) => {
  const folder = install();
  const command = ["npx", "reattach", "run", ".", "--fault", "kill:driver:200ms"];
  const { output } = await run(folder, command, hasEnough);
  const answers = answersIn(output);
  t.ok(answers.length >= ANSWERS, `${answers.length} answers: ${output.slice(-1_000)}`);
  t.ok(
    answers.every((n, i) => n === i + 1),
    "of all messages, in order",
  );
});

/** README's application in a folder of its own, with something changed. */
function variant(name: string, files: Record<string, string>, manifest = MANIFEST): string {
  const folder = install();
  const all = { ...PROGRAMS, ...files };
  all["manifest.json"] = manifest.replace("./node_modules", "../node_modules");
  writeFiles(
    folder,
    Object.fromEntries(Object.entries(all).map(([file, text]) => [`${name}/${file}`, text])),
  );
  return folder;
}

test("README: its client finds a server that comes up later", async (t) => {
  const late = PROGRAMS["driver.ts"]!.replace("import { ", "import { delay, ").replace(
    "  serve(",
    "  delay(500);\n  serve(",
  );
  t.match(late, /delay\(500\)/, "the server is late");
  const folder = variant("late", { "driver.ts": late });
  const { output } = await run(folder, ["npx", "reattach", "run", "late"], hasEnough);
  t.ok(answersIn(output).length >= ANSWERS, output.slice(-1_000));
});

test("README: a second server of the same name says so and ends; the first goes on", async (t) => {
  const second = MANIFEST.replace(
    '"panel": {',
    '"second": { "module": "driver" },\n        "panel": {',
  );
  t.match(second, /"second"/, "there is one");
  const folder = variant("taken", {}, second);
  const { output } = await run(folder, ["npx", "reattach", "run", "taken"], hasEnough);
  t.equal(output.match(/serve: thermometer: the name is taken/g)?.length, 1, "one line");
  t.ok(answersIn(output).length >= ANSWERS, output.slice(-1_000));
});

test("docs/services.md: its programs run, and the first three have fifteen lines", async (t) => {
  const first = ["thermometer.ts", "driver.ts", "panel.ts"].map((name) => GUIDE[name]!);
  const lines = first.flatMap((text) => text.split("\n")).filter((line) => /^(?!\/\/)./.test(line));
  t.equal(lines.length, 15, "without the names of the files");
  const tasks = { driver: "driver", panel: "panel", patient: "patient", kettle: "kettle" };
  const folder = variant(
    "guide",
    GUIDE,
    JSON.stringify({
      include: [
        "$(MODDABLE)/examples/manifest_base.json",
        "./node_modules/reattach/service/manifest.json",
      ],
      modules: { "*": Object.keys(GUIDE).map((file) => `./${file.slice(0, -3)}`) },
      config: {
        reattach: {
          limits: { stableBytes: 64 },
          tasks: Object.fromEntries(
            Object.entries(tasks).map(([task, module]) => [task, { module }]),
          ),
        },
      },
    }),
  );
  const command = ["npx", "reattach", "run", "guide"];
  const isEnough = (text: string): boolean =>
    text.includes("23.5 °C") && text.includes("0 cups so far");
  const { output } = await run(folder, command, isEnough);
  t.match(output, /\[panel\] 23\.5 °C/, output.slice(-1_000));
  t.match(output, /\[kettle\] 0 cups so far/, "the kettle's period");
  t.doesNotMatch(output, /no thermometer|died/, "and nobody dies");
});

test("examples/thermometer: is README's application, word by word", (t) => {
  const read = (file: string): string =>
    readFileSync(join(ROOT, "examples/thermometer", file), "utf8");
  for (const [file, text] of Object.entries(PROGRAMS)) {
    const [, ...lines] = text.split("\n");
    t.ok(read(file).endsWith(`*/\n${lines.join("\n")}`), file);
  }
  t.equal(Object.keys(PROGRAMS).length, 3, "all three");
  t.end();
});

test("README, docs/services.md: their programs compile", (t) => {
  const folder = install();
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  };
  for (const [name, files] of Object.entries({ readme: PROGRAMS, guide: GUIDE })) {
    writeFiles(folder, {
      [`${name}-types/trace.d.ts`]: "declare function trace(text: string): void;",
    });
    writeFiles(
      folder,
      Object.fromEntries(
        Object.entries(files).map(([file, text]) => [`${name}-types/${file}`, text]),
      ),
    );
    const paths = ["trace.d.ts", ...Object.keys(files)].map((file) =>
      join(folder, `${name}-types`, file),
    );
    const found = ts.getPreEmitDiagnostics(ts.createProgram(paths, options));
    t.deepEqual(
      found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
      [],
      name,
    );
  }
  t.end();
});

test("examples/raw: QNX's own calls: the client gets every answer too", async (t) => {
  const command = ["npx", "reattach", "run", "examples/raw", "--fault", "kill:echo:200ms"];
  const found = (output: string): number[] =>
    [...output.matchAll(/message (\d+): status 0, answer \1\b/g)].map(([, n]) => Number(n));
  const { output } = await run(ROOT, command, (text) => found(text).length >= ANSWERS);
  const answers = found(output);
  t.ok(answers.length >= ANSWERS && answers.every((n, i) => n === i + 1), output.slice(-1_000));
});

test("README: its program for Node.js does what it says, and ends", async (t) => {
  const folder = install();
  const { code, output } = await run(folder, [process.execPath, "main.mjs"]);
  t.equal(code, 0, output.slice(-1_000));
  t.match(output, /^driver killed/m, "the death");
  t.match(output, /panel/, "the table");
});

test("reattach new: what it makes is right, and its own tests pass", async (t) => {
  const folder = install();
  await tryNew(t, "My App", [], { tests: 3, line: /note 3:/ });
  const { name, dependencies } = JSON.parse(
    readFileSync(join(folder, "My App/package.json"), "utf8"),
  ) as { name: string; dependencies: Record<string, string> };
  t.equal(name, "my-app", "a name that npm takes");
  t.match(dependencies["reattach"] ?? "", /^file:.*\.tgz$/, "it depends on this very package");

  const again = await run(folder, ["npx", "reattach", "new", "My App"]);
  t.equal(again.code, 2, "a folder with files in it is refused");
  t.match(again.output, /allowed is a new or an empty one/, "with a sentence");
});

test("reattach new --template: a name that there is not", async (t) => {
  const folder = install();
  const command = ["npx", "reattach", "new", "other", "--template", "grenhouse"];
  const { code, output } = await run(folder, command);
  t.equal(code, 2, "exit code");
  t.match(output, /found "grenhouse", allowed are minimal, greenhouse \(did you mean "greenhouse"/);
  t.notOk(existsSync(join(folder, "other")), "nothing is made");
});
