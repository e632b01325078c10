/**
 * Searches side by side, one process a processor: a search needs one processor and much memory.
 */
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Job, Result } from "./job.js";

const JOB = fileURLToPath(new URL("./job.ts", import.meta.url));
/** A million states are some hundred megabytes. */
const HEAP = "--max-old-space-size=3000";

/** Does all jobs, in the order given where there is a choice; `done` is called with each result. */
export async function searchAll(
  outDir: string,
  jobs: readonly Job[],
  done: (result: Result) => void,
): Promise<void> {
  const waiting = [...jobs];
  const count = Math.min(availableParallelism(), jobs.length);
  const workers = Array.from({ length: count }, () =>
    fork(JOB, [outDir], { execArgv: [...process.execArgv, HEAP] }),
  );
  try {
    await Promise.all(workers.map((worker) => work(worker, waiting, done)));
  } finally {
    for (const worker of workers) worker.kill();
  }
}

function work(worker: ChildProcess, waiting: Job[], done: (result: Result) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let current: Job | undefined;
    worker.on("message", (message: Result | "ready") => {
      if (message !== "ready") done(message);
      current = waiting.shift();
      if (current === undefined) resolve();
      else worker.send(current);
    });
    worker.on("error", reject);
    worker.on("exit", (code) => {
      const what = current === undefined ? "before its first job" : current.scenario;
      reject(new Error(`explore: a search has ended with ${code}: ${what}`));
    });
  });
}
