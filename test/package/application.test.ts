/**
 * The package as its users get it: packed, installed into an empty folder, with an application that
 * is pasted from README.md. What README promises must work as it stands there.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "tape";
import { Patience, watch } from "../patience.js";
import { writeFiles } from "../hosts/node/temp-folder.js";

const ROOT = join(import.meta.dirname, "../..");
const PATIENCE_MS = 60_000;
/** Answers after which enough servers have been killed. */
const ANSWERS = 30;

/** The blocks of README.md: a language and a text. */
function blocks(): { readonly language: string; readonly text: string }[] {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const found = readme.matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...found].map(([, language = "", text = ""]) => ({ language, text }));
}

/** The one block of a language that contains a text. Throws when there is not exactly one. */
function block(language: string, part: string): string {
  const found = blocks().filter((each) => each.language === language && each.text.includes(part));
  if (found.length !== 1) throw new Error(`README.md: ${found.length} blocks with ${part}`);
  return found[0]!.text;
}

const CLIENT = block("ts", "// client.ts");
const ECHO = block("ts", "// echo.ts");
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
      "client.ts": CLIENT,
      "echo.ts": ECHO,
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
  const endWatch = watch(new Patience(PATIENCE_MS, child.pid), () => signal("SIGKILL"));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  endWatch();
  return { code, output };
}

/** The numbers of the messages that the client says were answered, in order. */
function answersIn(output: string): number[] {
  const lines = output.matchAll(/message (\d+): status 0, answer \1\b/g);
  return [...lines].map(([, n]) => Number(n));
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
  const command = ["npx", "reattach", "run", ".", "--fault", "kill:echo:200ms"];
  const { output } = await run(folder, command, hasEnough);
  const answers = answersIn(output);
  t.ok(answers.length >= ANSWERS, `${answers.length} answers: ${output.slice(-1_000)}`);
  t.ok(
    answers.every((n, i) => n === i + 1),
    "of all messages, in order",
  );
});

test("README: its client finds a server that comes up later", async (t) => {
  const folder = install();
  const late = ECHO.replace(
    'const chid = name_attach(null, "echo", 0);',
    'delay(500);\n  const chid = name_attach(null, "echo", 0);',
  ).replace("import { ", "import { delay, ");
  writeFiles(folder, {
    "late/echo.ts": late,
    "late/client.ts": CLIENT,
    "late/manifest.json": MANIFEST.replace("./node_modules", "../node_modules"),
  });
  const { output } = await run(folder, ["npx", "reattach", "run", "late"], hasEnough);
  t.match(late, /delay\(500\)/, "the server is late");
  t.ok(answersIn(output).length >= ANSWERS, output.slice(-1_000));
});

test("README: its program for Node.js does what it says, and ends", async (t) => {
  const folder = install();
  const { code, output } = await run(folder, [process.execPath, "main.mjs"]);
  t.equal(code, 0, output.slice(-1_000));
  t.match(output, /^echo killed/m, "the death");
  t.match(output, /client/, "the table");
});
