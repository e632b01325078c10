/**
 * `npm run chip` as a process, for its tests.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChipReport } from "../../../hosts/xs-chip/cli/report.js";

const ROOT = join(import.meta.dirname, "../../..");
const MAIN = join(ROOT, "hosts/xs-chip/cli/main.ts");
export const STATION = "examples/weather-station";

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const NEVER = (_log: string): boolean => false;

/** Runs the command. `isEnough`: then it gets what Ctrl-C sends, as the emulator does. */
export function chip(
  args: readonly string[],
  isEnough = NEVER,
  path = process.env["PATH"],
): Promise<Result> {
  const words = ["--import", "tsx", MAIN, ...args];
  const env = { ...process.env, INIT_CWD: ROOT, PATH: path };
  const child = spawn(process.execPath, words, { cwd: ROOT, env, detached: true });
  let stdout = "";
  let stderr = "";
  let isInterrupted = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (isInterrupted || !isEnough(stderr)) return;
    isInterrupted = true;
    process.kill(-child.pid!, "SIGINT");
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

export async function report(args: readonly string[]): Promise<ChipReport & { stderr: string }> {
  const { stdout, stderr } = await chip([...args, "--json"]);
  return { ...(JSON.parse(stdout) as ChipReport), stderr };
}

/** Writes an application of one task, and runs the command on it. */
export async function chipOn(
  task: string,
  config: object,
  args: readonly string[],
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "reattach-app-"));
  try {
    const tasks = { only: { module: "task", ...config } };
    const manifest = { modules: { "*": "./task" }, config: { reattach: { tasks } } };
    writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
    writeFileSync(join(folder, "task.ts"), task);
    return await chip([folder, ...args]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function isClose(a: number, b: number, partOff: number): boolean {
  return Math.abs(a - b) <= partOff * b;
}
