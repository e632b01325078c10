/**
 * Runs SPIN: makes a verifier of a model, compiles it, lets it search, and reads what it says.
 */
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Run } from "./runs.js";

const run = promisify(execFile);

/** What a search has found. */
export interface Verdict {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly errors: number;
  /** Empty, or why not all of it was searched. */
  readonly incomplete: string;
  /** bitstate: states that the table could hold, for each that was stored. */
  readonly hashFactor: number;
  /** The way to the error, as SPIN tells it; empty without one. */
  readonly trail: string;
}

/** Depth of the search; deeper would be said, and is a failure. */
const DEPTH_MAX = 2_000_000;
const MEMORY_MAX_MB = 2_500;

const COMPILER_FLAGS: Readonly<Record<Run["search"], readonly string[]>> = {
  safety: ["-DSAFETY", "-DNOCLAIM", "-DCOLLAPSE"],
  liveness: ["-DNFAIR=3", "-DCOLLAPSE"],
  bitstate: ["-DSAFETY", "-DNOCLAIM", "-DBITSTATE"],
};
/** 2^33 bits, three for each state; a minute of it. */
const SEARCH_FLAGS: Readonly<Record<Run["search"], readonly string[]>> = {
  safety: [],
  liveness: ["-a", "-f"],
  bitstate: ["-w33", "-k3", "-Q1"],
};

/** What is missing to check models here; empty for nothing. */
export function missingTools(): string {
  const missing = [["spin", "-V"] as const, ["cc", "--version"] as const].filter(([tool, flag]) => {
    try {
      execFileSync(tool, [flag], { stdio: "ignore" });
      return false;
    } catch {
      return true;
    }
  });
  return missing.map(([tool]) => tool).join(" and ");
}

/** Searches a model. */
export async function check({ model, defines, search }: Run): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), "reattach-model-"));
  const source = `${model}.pml`;
  const flags = defines.map((define) => `-D${define}`);
  try {
    cpSync(join(import.meta.dirname, source), join(folder, source));
    const options = { cwd: folder, maxBuffer: 1 << 26 };
    await run("spin", ["-a", ...flags, source], options);
    const memory = `-DMEMLIM=${MEMORY_MAX_MB}`;
    await run("cc", ["-O2", memory, ...COMPILER_FLAGS[search], "-o", "pan", "pan.c"], options);
    const args = [`-m${DEPTH_MAX}`, ...SEARCH_FLAGS[search]];
    const { stdout } = await run(join(folder, "pan"), args, options);
    const hasTrail = existsSync(join(folder, `${source}.trail`));
    const trail = hasTrail
      ? (await run("spin", ["-t", "-p", "-g", ...flags, source], options)).stdout
      : "";
    return { ...read(stdout), trail };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(text: string): Omit<Verdict, "trail"> {
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? NaN);
  const reasons = [
    /max search depth too small/.test(text) ? "the search was not deep enough" : "",
    /out of memory|memory limit/.test(text) ? "it ran out of memory" : "",
    /Search not completed/.test(text) ? "it stopped at an error" : "",
  ];
  return {
    states: number(/(\d+) states, stored/),
    transitions: number(/(\d+) transitions/),
    depth: number(/depth reached (\d+)/),
    errors: number(/errors: (\d+)/),
    incomplete: reasons.filter((reason) => reason !== "").join(", "),
    hashFactor: number(/hash factor: ([\d.]+)/),
  };
}
