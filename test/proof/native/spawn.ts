/**
 * Runs main.ts: in a process of its own, as its Atomics are not those of other tests.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";

/** What came out: a difference, or "". */
export interface Result {
  readonly failure: string;
  readonly calls: number;
  /** Of a trace. */
  readonly records: number;
  /** Calls that C has done, by their names. */
  readonly native: Readonly<Record<string, number>>;
}

export function compareCalls(calls: number, seed: number, isTraced = false): Promise<Result> {
  const main = join(import.meta.dirname, "main.ts");
  const args = ["--import", "tsx", main, `--calls=${calls}`, `--seed=${seed}`];
  if (isTraced) args.push("--traced");
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, stdout, stderr) => {
      const last = stdout.trim().split("\n").at(-1) ?? "";
      if (error !== null)
        return resolve({ failure: `${last} ${stderr}`, calls: 0, records: 0, native: {} });
      const tally = JSON.parse(last) as Omit<Result, "failure">;
      return resolve({ ...tally, failure: "" });
    });
  });
}
