/**
 * `reattach boards` as its users meet it: a process, what it prints where, and its exit code.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Test } from "tape";
import { Patience, watch } from "../../../patience.js";
import { CLI } from "../cli-file.js";
import { folderOf } from "../temp-folder.js";

const PATIENCE_MS = 60_000;

/** What a process has left behind. */
export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Boards {
  readonly ended: Promise<Result>;
  /** Resolves when standard output has a text like that. */
  printed(text: RegExp): Promise<void>;
  /** As Ctrl-C does. */
  interrupt(): void;
}

export interface Surroundings {
  /** Variables of its environment, beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its working folder: an empty one unless it is said. */
  readonly folder?: string;
}

/** Starts the command; it ends with the test at the latest. */
export function startBoards(
  t: Test,
  argv: readonly string[],
  { env = {}, folder = folderOf(t, {}) }: Surroundings = {},
): Boards {
  const child = spawn(process.execPath, [CLI, "boards", ...argv], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const endWatch = watch(new Patience(PATIENCE_MS, child.pid), () => child.kill("SIGKILL"));
  const ended = once(child, "close").then(([code]): Result => {
    endWatch();
    return { code: code as number | null, stdout, stderr };
  });
  t.teardown(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const printed = (text: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const closed = (): void => reject(new Error(`never printed ${text}: ${stdout}${stderr}`));
      const look = (): void => {
        if (!text.test(stdout)) return;
        child.stdout.off("data", look);
        child.off("close", closed);
        resolve();
      };
      child.stdout.on("data", look);
      child.on("close", closed);
      look();
    });
  return { ended, printed, interrupt: () => void child.kill("SIGINT") };
}
