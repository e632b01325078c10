/**
 * Runs the stress on real XS.
 */
import { join } from "node:path";
import type { StressResult } from "../../load/stress/run.js";
import { KILLING, stressConfig } from "../../load/stress/tasks.js";
import { bundle } from "./bundle.js";
import { type Mode, run } from "./host.js";
import { type NativeCalls, nativeCallsIn } from "./native-calls.js";
import { MARK } from "./programs/results.js";

const TIMEOUT_MS = 600_000;

const root = join(import.meta.dirname, "../..");
const PROGRAMS = {
  stress: join(import.meta.dirname, "programs/stress.ts"),
  client: join(root, "load/stress/client.ts"),
  server: join(root, "load/stress/server.ts"),
  victim: join(root, "load/stress/victim.ts"),
};

/** Sources are compiled in the task, not at build time as for a board: room for that. */
const CREATION = { static: 0, chunk: { initial: 32_768 }, heap: { initial: 2_048 }, stack: 512 };

/** How long, and how hard: `kills` 0 for a number of messages, 0 messages for kills. */
export interface XsStressOptions {
  readonly seed: number;
  readonly messages: number;
  /** Kills, as a multiple of KILL_EVERY_MS. */
  readonly rate: number;
  readonly kills: number;
}

/** What came out. */
export interface XsStressResult extends StressResult {
  readonly calls: NativeCalls;
}

/** What came out, or, as a text, why there is no result. */
export async function stressOnXs(
  mode: Mode,
  { seed, messages, rate, kills }: XsStressOptions,
): Promise<XsStressResult | string> {
  const programs = await bundle(PROGRAMS);
  const reattach = stressConfig(messages, seed, kills === 0 ? {} : KILLING);
  for (const task of Object.values(reattach.tasks)) Object.assign(task, { creation: CREATION });
  const { code, stdout, stderr } = await run({
    mode,
    bundle: programs,
    main: "stress",
    config: { reattach, stress: { seed, rate, kills } },
    switches: [`--seed=${seed}`, "--count-calls"],
    timeout_ms: TIMEOUT_MS,
  });
  programs.remove();
  const line = stdout.split("\n").find((each) => each.startsWith(MARK));
  if (code !== 0 || line === undefined) {
    return `the process ends with ${code}: ${stderr}\n${stdout.slice(-2_000)}`;
  }
  const result = JSON.parse(line.slice(MARK.length)) as StressResult;
  return { ...result, calls: nativeCallsIn(stdout) };
}
