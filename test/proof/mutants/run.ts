/**
 * Runs a suite in a tree, and says how it ended.
 */
import { spawn } from "node:child_process";
import { Patience, watch } from "../../patience.js";
import type { Suite } from "./suites.js";

/** How a suite ended: passed, or what was the first to fail. */
export interface Ending {
  readonly hasPassed: boolean;
  /** A search that was ended before it was through: it has neither passed nor found anything. */
  readonly isUndecided?: boolean;
  /** The test that failed, or "it hangs" or "it crashes". */
  readonly what: string;
}

/** The first failure in TAP that may still be coming: the title of its test; null for none yet. */
function firstFailure(tap: string): string | null {
  let title = "";
  for (const line of tap.split("\n")) {
    if (line.startsWith("# ")) title = line.slice(2);
    if (line.startsWith("not ok")) return title;
  }
  return null;
}

/** The test that was running last. */
function lastTitle(tap: string): string {
  const titles = tap.split("\n").filter((line) => line.startsWith("# "));
  return titles.at(-1)?.slice(2) ?? "loading";
}

/** Runs a command in a tree until it ends, or until its first failed assertion. */
function run(
  path: string,
  args: readonly string[],
  { limit_ms, isSearch = false, env = {} }: Pick<Suite, "limit_ms" | "isSearch" | "env">,
): Promise<Ending> {
  // A group of its own: whatever it starts ends with it.
  const child = spawn(process.execPath, args, {
    cwd: path,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let tap = "";
  let errors = "";
  let ending: Ending | null = null;
  const end = (what: string, isUndecided = false): void => {
    ending ??= { hasPassed: false, isUndecided, what };
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  };
  const patience = new Patience(limit_ms, child.pid);
  const endWatch = watch(patience, () => end(`it hangs: ${lastTitle(tap)}`, isSearch));
  child.stdout.on("data", (chunk: Buffer) => {
    tap += chunk.toString();
    const failure = firstFailure(tap);
    if (failure !== null) end(failure);
  });
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve) => {
    child.on("close", (code) => {
      endWatch();
      const error = /^\w*Error: .*$/m.exec(errors)?.[0] ?? "";
      const crash = { hasPassed: false, what: `it crashes: ${lastTitle(tap)} ${error}`.trim() };
      resolve(ending ?? (code === 0 ? { hasPassed: true, what: "" } : crash));
    });
  });
}

/** Builds a tree for those suites that run what is built. */
export function build(path: string): Promise<Ending> {
  return run(path, ["node_modules/rollup/dist/bin/rollup", "-c", "--silent"], {
    limit_ms: 120_000,
  });
}

export function runSuite(path: string, suite: Suite): Promise<Ending> {
  return run(path, ["--import", "tsx", "test/run.ts", ...suite.words], suite);
}
