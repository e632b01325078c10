/**
 * The package as its users get it: packed, and installed into an empty folder with README's
 * application.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "tape";
import { Patience, watch } from "../patience.js";
import { writeFiles } from "../hosts/node/temp-folder.js";

export const ROOT = join(import.meta.dirname, "../..");
const PATIENCE_MS = 60_000;

/** The blocks of a page: a language and a text. */
export function blocks(page = "README.md"): { readonly language: string; readonly text: string }[] {
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
export function programs(page?: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { language, text } of blocks(page)) {
    const name = /^\/\/ (\w+\.ts)\b/.exec(text)?.[1];
    if (language === "ts" && name !== undefined) found[name] = text;
  }
  return found;
}

export const PROGRAMS = programs();
export const MANIFEST = block("json", '"include"');
const SYSTEM = block("js", 'from "reattach/node"');

export function npm(cwd: string, ...args: string[]): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

/** An application's folder with the package in it; the same for all tests here. */
export const install = (() => {
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
export async function run(
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
