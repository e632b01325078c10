/**
 * The package as its users get it: packed, installed into an empty folder, with applications that
 * are pasted from README.md and docs/services.md. What they promise must work as it stands there.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "tape";
import ts from "typescript";
import { Patience, watch } from "../patience.js";
import { whyNot } from "../../hosts/xs-linux/build.mjs";
import { writeFiles } from "../hosts/node/temp-folder.js";

const ROOT = join(import.meta.dirname, "../..");
const PATIENCE_MS = 60_000;
/** Answers after which enough servers have been killed. */
const ANSWERS = 30;

/** The blocks of a page: a language and a text. */
function blocks(page = "README.md"): { readonly language: string; readonly text: string }[] {
  const found = readFileSync(join(ROOT, page), "utf8").matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...found].map(([, language = "", text = ""]) => ({ language, text }));
}

/** The one block of a language that contains a text. Throws when there is not exactly one. */
function block(language: string, part: string): string {
  const found = blocks().filter((each) => each.language === language && each.text.includes(part));
  if (found.length !== 1) throw new Error(`README.md: ${found.length} blocks with ${part}`);
  return found[0]!.text;
}

/** Programs of a page, by the name of the file that stands in their first line. */
function programs(page?: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { language, text } of blocks(page)) {
    const name = /^\/\/ (\w+\.ts)\b/.exec(text)?.[1];
    if (language === "ts" && name !== undefined) found[name] = text;
  }
  return found;
}

const PROGRAMS = programs();
const GUIDE = programs("docs/services.md");
const MANIFEST = block("json", '"include"');
const SYSTEM = block("js", 'from "reattach/node"');

function npm(cwd: string, ...args: string[]): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

/** An application's folder with the package in it; the same for all tests here. */
const install = (() => {
  let folder = "";
  test.onFinish(() => {
    if (folder !== "") rmSync(folder, { recursive: true });
  });
  return (): string => {
    if (folder !== "") return folder;
    folder = realpathSync(mkdtempSync(join(tmpdir(), "reattach-")));
    writeFiles(folder, {
      ...PROGRAMS,
      "main.mjs": SYSTEM,
      "manifest.json": MANIFEST,
      "package.json": '{ "name": "application", "version": "1.0.0", "type": "module" }',
    });
    // Without the scripts: what `prepare` would build is there.
    const packed = npm(ROOT, "pack", "--json", "--ignore-scripts", "--pack-destination", folder);
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    npm(folder, "install", "--prefer-offline", "--no-audit", "--no-fund", join(folder, filename));
    return folder;
  };
})();

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command in the folder; interrupted, as with ^C, when its output is enough. */
async function run(
  cwd: string,
  command: readonly string[],
  isEnough: (output: string) => boolean = () => false,
  patience_ms = PATIENCE_MS,
): Promise<Ended> {
  const child = spawn(command[0]!, command.slice(1), {
    cwd,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const signal = (name: NodeJS.Signals): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, name);
  };
  let output = "";
  let isInterrupted = false;
  const hear = (text: string): void => {
    output += text;
    if (isInterrupted || !isEnough(output)) return;
    isInterrupted = true;
    signal("SIGINT");
  };
  child.stdout.setEncoding("utf8").on("data", hear);
  child.stderr.setEncoding("utf8").on("data", hear);
  const endWatch = watch(new Patience(patience_ms, child.pid), () => signal("SIGKILL"));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  endWatch();
  return { code, output };
}

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

/** How long the tests of a new application may take, with the start of Node.js. */
const OWN_TESTS_MS = 180_000;

/** Makes an application in a folder: all that is in it works at once, from the packed package. */
async function tryNew(
  t: test.Test,
  name: string,
  options: readonly string[],
  expected: { readonly tests: number; readonly line: RegExp },
): Promise<void> {
  const folder = install();
  const made = await run(folder, ["npx", "reattach", "new", name, ...options]);
  t.equal(made.code, 0, made.output);
  const app = join(folder, name);
  const launch = JSON.parse(readFileSync(join(app, ".vscode/launch.json"), "utf8")) as unknown;
  const [shown] = blocks("docs/debugging.md").filter(({ language }) => language === "json");
  t.deepEqual(launch, JSON.parse(shown!.text), "launch.json is what docs/debugging.md shows");
  npm(app, "install", "--prefer-offline", "--no-audit", "--no-fund");
  const checked = await run(app, ["npm", "run", "check"]);
  t.equal(checked.code, 0, `npm run check: ${checked.output}`);
  const tested = await run(app, ["npm", "test"], undefined, OWN_TESTS_MS);
  t.equal(tested.code, 0, `npm test: ${tested.output.slice(-2_000)}`);
  t.match(tested.output, new RegExp(`^# pass ${expected.tests}$`, "m"), "all of them");
  const started = await run(app, ["npm", "start"], (output) => expected.line.test(output));
  t.match(started.output, expected.line, "npm start");
  const command = ["npx", "reattach", "run", ".", "--watch"];
  const watched = await run(app, command, (output) => output.includes("types are"));
  t.match(watched.output, /types are checked: typescript/, "what is saved is checked");
}

/** How long XS may take to be built, from npm to the program. */
const XS_BUILD_MS = 900_000;

/** Its tests on XS, which is got from npm and built in the application's own cache. */
async function tryXs(t: test.Test, app: string): Promise<void> {
  const why = whyNot();
  if (why !== null) return t.skip(`reattach test --engine xs: ${why}`);
  const tested = await run(app, ["npm", "run", "test:xs"], undefined, XS_BUILD_MS);
  t.equal(tested.code, 0, `npm run test:xs: ${tested.output.slice(-2_000)}`);
  t.match(tested.output, /^building XS in .*My App\/node_modules\/\.cache/m, "it is built there");
  t.match(tested.output, /^# fail {2}0$/m, "nothing has failed");
  t.match(tested.output, /^# sensor: "creation": \{/m, "and says which memory would do");
}

test("reattach new: what it makes is right, and its own tests pass", async (t) => {
  const folder = install();
  await tryNew(t, "My App", [], { tests: 3, line: /note 3:/ });
  await tryXs(t, join(folder, "My App"));
  const { name, dependencies } = JSON.parse(
    readFileSync(join(folder, "My App/package.json"), "utf8"),
  ) as { name: string; dependencies: Record<string, string> };
  t.equal(name, "my-app", "a name that npm takes");
  t.match(dependencies["reattach"] ?? "", /^file:.*\.tgz$/, "it depends on this very package");

  const again = await run(folder, ["npx", "reattach", "new", "My App"]);
  t.equal(again.code, 2, "a folder with files in it is refused");
  t.match(again.output, /allowed is a new or an empty one/, "with a sentence");
});

test("reattach new --template greenhouse: the same", async (t) => {
  const line = /waterings [1-9]/;
  await tryNew(t, "garden", ["--template", "greenhouse"], { tests: 4, line });
});

test("reattach new --template: a name that there is not", async (t) => {
  const folder = install();
  const command = ["npx", "reattach", "new", "other", "--template", "grenhouse"];
  const { code, output } = await run(folder, command);
  t.equal(code, 2, "exit code");
  t.match(output, /found "grenhouse", allowed are minimal, greenhouse \(did you mean "greenhouse"/);
  t.notOk(existsSync(join(folder, "other")), "nothing is made");
});
