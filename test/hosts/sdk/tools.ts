/**
 * Moddable's tools, as the tests call them.
 */
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync } from "node:fs";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import process from "node:process";

/** Long enough for a slow computer to compile XS. */
const BUILD_MS_MAX = 600_000;

export const root = join(import.meta.dirname, "../../..");
const moddable = process.env["MODDABLE"]!;
const desktop = process.platform === "darwin" ? "mac" : "lin";

/** A folder that stays, for who tests again and again: compiling XS takes minutes. */
const { SDK_OUT } = process.env;
/** Where everything is built: one folder, so that XS is compiled once. */
export const out = realpathSync(SDK_OUT ?? mkdtempSync(join(tmpdir(), "reattach-sdk-")));
if (SDK_OUT === undefined) process.on("exit", () => rmSync(out, { recursive: true, force: true }));

/** What a program did. */
export interface Outcome {
  /** Its exit code; null when it was ended from here. */
  readonly code: number | null;
  /** What it wrote, to both streams. */
  readonly text: string;
}

/** How long a program may run. */
export interface Limits {
  readonly cwd: string;
  readonly ms: number;
  /** More of the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** It is ended as soon as it has written this. */
  readonly until?: RegExp;
}

/** Runs a program until it ends, has written what is waited for, or has had its time. */
export function run(command: string, args: readonly string[], limits: Limits): Promise<Outcome> {
  const env = { ...environment(), ...limits.env };
  const child = spawn(command, args, { cwd: limits.cwd, env });
  const timer = setTimeout(() => child.kill("SIGKILL"), limits.ms);
  let text = "";
  const hear = (chunk: string): void => {
    text += chunk;
    if (limits.until?.test(text) === true) child.kill("SIGKILL");
  };
  child.stdout.setEncoding("utf8").on("data", hear);
  child.stderr.setEncoding("utf8").on("data", hear);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, text });
    });
  });
}

function environment(): NodeJS.ProcessEnv {
  const idf = process.env["IDF_PATH"] ?? standInIdf();
  const path = [
    join(idf, "bin"),
    process.env["PATH"],
    join(moddable, "build/bin", desktop, "release"),
    // mcconfig calls tsc.
    join(root, "node_modules/.bin"),
  ];
  return { ...process.env, PATH: path.join(delimiter), IDF_PATH: idf };
}

/**
 * A folder that mcconfig takes for an ESP-IDF: enough to build JavaScript for a chip. `idf.py` has
 * to make the header that it is told to, and nothing else.
 */
function standInIdf(): string {
  const idf = join(out, "idf");
  if (existsSync(idf)) return idf;
  mkdirSync(join(idf, "bin"), { recursive: true });
  writeFileSync(join(idf, "export.sh"), "");
  // It is asked for the ESP-IDF's version.
  writeFileSync(join(idf, "bin/git"), "#!/bin/sh\necho v0\n");
  writeFileSync(
    join(idf, "bin/idf.py"),
    `#!/bin/sh
for word in "$@"; do
  case "$word" in
    SDKCONFIG_HEADER=*) header="\${word#*=}"; mkdir -p "$(dirname "$header")"; touch "$header" ;;
  esac
done
`,
  );
  chmodSync(join(idf, "bin/git"), 0o755);
  chmodSync(join(idf, "bin/idf.py"), 0o755);
  return idf;
}

/** An application linked for a chip. */
export interface Link extends Outcome {
  /** What XS starts from, in C: `mc.xs.c`. "" when it was not linked. */
  readonly source: string;
}

/**
 * Builds the JavaScript half of the application in `folder` for a chip ("esp32/esp32c3"), named as
 * the folder is. `tool` is "mcconfig", or "mcpack mcconfig".
 */
export async function link(folder: string, chip: string, tool = "mcconfig"): Promise<Link> {
  const [command = "", ...words] = tool.split(" ");
  const target = join(out, "tmp", chip, "release", basename(folder), "mc.xs.c");
  rmSync(target, { force: true });
  const args = [...words, "-m", "-p", chip, "-o", out, "-t", target];
  const outcome = await run(command, args, { cwd: folder, ms: BUILD_MS_MAX });
  const isLinked = outcome.code === 0 && existsSync(target);
  return { ...outcome, source: isLinked ? readFileSync(target, "utf8") : "" };
}

/** Builds the application in `folder` for this computer. `settings` go to its mc/config. */
export async function buildForLin(
  folder: string,
  settings: readonly string[] = [],
): Promise<Outcome & { readonly library: string }> {
  const args = ["-m", "-p", "lin", "-o", out, "-t", "build", ...settings];
  const outcome = await run("mcconfig", args, { cwd: folder, ms: BUILD_MS_MAX });
  const library = join(out, "bin/lin/mc/release", basename(folder), "mc.so");
  return { ...outcome, library };
}

/** Makes an archive of the mod in `folder`. Throws when that fails. */
export async function buildMod(folder: string): Promise<string> {
  const args = ["-m", "-p", "lin", "-o", out, "-t", "build"];
  const { code, text } = await run("mcrun", args, { cwd: folder, ms: BUILD_MS_MAX });
  if (code !== 0) throw new Error(`mcrun does not build ${basename(folder)}: ${text}`);
  return join(out, "bin/lin/mc/release", basename(folder), "mc.xsa");
}

/** What the linker warns of. A warning means that something of ours would not stay in flash. */
export function warningsIn(text: string): string[] {
  return text.split("\n").filter((line) => line.startsWith("### warning"));
}
