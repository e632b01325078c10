/**
 * `reattach run` and its like in a process of their own.
 */
import { once } from "node:events";
import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "tape";
import { CLI } from "./cli-file.js";

const RUNTIME_FOLDER = mkdtempSync(join(tmpdir(), "reattach-"));
test.onFinish(() => rmSync(RUNTIME_FOLDER, { recursive: true }));

/** A process that hangs is a failure, and no reason to wait for ever. Unless more is given. */
const LIMIT_MS = 120_000;

export interface Ended {
  /** null when it had to be killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when standard error matches; rejects when it ends before. */
  seen(pattern: RegExp): Promise<void>;
}

/** What is read of a process: all, or only its standard output, or nothing. */
export type Reading = "all" | "stdout" | "nothing";

/** Starts a command of `reattach` in a process group of its own. */
export function reattach(
  argv: readonly string[],
  reading: Reading = "all",
  limit_ms = LIMIT_MS,
): Running {
  // What a killed run leaves behind is no other's business.
  const env = { ...process.env, XDG_RUNTIME_DIR: RUNTIME_FOLDER };
  const stdio: StdioOptions = ["ignore", "pipe", "pipe"];
  const child = spawn(process.execPath, [CLI, ...argv], { detached: true, env, stdio });
  let stdout = "";
  let stderr = "";
  let look = (): void => undefined;
  if (reading !== "nothing") {
    child.stdout!.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  }
  if (reading === "all") {
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      look();
    });
  }
  const timer = setTimeout(() => child.kill("SIGKILL"), limit_ms);
  const exited = once(child, "exit");
  const read = [
    ...(reading === "nothing" ? [] : [once(child.stdout!, "close")]),
    ...(reading === "all" ? [once(child.stderr!, "close")] : []),
  ];
  const ended = (async (): Promise<Ended> => {
    const [[code]] = (await Promise.all([exited, ...read])) as [[number | null]];
    clearTimeout(timer);
    child.stdout!.destroy();
    child.stderr!.destroy();
    return { code, stdout, stderr };
  })();
  const seen = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      look = () => {
        if (pattern.test(stderr)) resolve();
      };
      look();
      ended.then(({ code }) => {
        reject(new Error(`ended with ${code}, and ${pattern} did not come:\n${stderr}`));
      }, reject);
    });
  return { child, ended, seen };
}
