/**
 * Starts processes for control tests: simulators that are nothing but a control, and the command
 * line. Both look for sockets below the folder that the test gives them.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Test } from "tape";
import { CLI } from "./cli-file.js";

const HOST = fileURLToPath(new URL("./control-host.ts", import.meta.url));

/** What a process has left behind. */
export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process and what it prints. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Result>;
  /** Resolves when this line has been printed; rejects when the process ends without it. */
  printed(line: string): Promise<void>;
}

function start(folder: string, args: readonly string[]): Running {
  const child = spawn(process.execPath, args, { env: { ...process.env, XDG_RUNTIME_DIR: folder } });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = once(child, "close").then(([code]): Result => ({
    code: code as number | null,
    stdout,
    stderr,
  }));
  const printed = (line: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): boolean => {
        const isThere = stdout.split("\n").includes(line);
        if (isThere) resolve();
        return isThere;
      };
      if (look()) return;
      child.stdout.on("data", look);
      child.on("close", () => reject(new Error(`never printed "${line}": ${stdout}${stderr}`)));
    });
  return { child, ended, printed };
}

/** Runs the command line. */
export function reattach(folder: string, ...argv: string[]): Running {
  return start(folder, [CLI, ...argv]);
}

/** Runs a process with a control, until the test ends at the latest. */
export function startHost(t: Test, folder: string, ...args: string[]): Running {
  const host = start(folder, ["--import", "tsx", HOST, ...args]);
  t.teardown(async () => {
    host.child.kill("SIGKILL");
    await host.ended;
  });
  return host;
}
