/**
 * Runs the stress on real XS.
 */
import { join } from "node:path";
import type { StressResult } from "../../load/stress/run.js";
import { KILLING, stressConfig } from "../../load/stress/tasks.js";
import { bundle } from "./bundle.js";
import { type Mode, run } from "./host.js";
import { type NativeCalls, nativeCallsIn } from "./native-calls.js";
import { resultIn } from "./results-in.js";

const TIMEOUT_MS = 600_000;

const root = join(import.meta.dirname, "../..");
const PROGRAMS = {
  stress: join(import.meta.dirname, "programs/stress.ts"),
  client: join(root, "load/stress/client.ts"),
  server: join(root, "load/stress/server.ts"),
  victim: join(root, "load/stress/victim.ts"),
};

/** The programs are not in flash: each task has them in its heap. Room for that. */
const CREATION = { static: 0, chunk: { initial: 32_768 }, heap: { initial: 2_048 }, stack: 512 };

/** They are: nine such tasks have room on a chip. */
const CREATION_IN_FLASH = { static: 20_480, chunk: { initial: 1_024, incremental: 512 } };

/** How long, and how hard: `kills` 0 for a number of messages, 0 messages for kills. */
export interface XsStressOptions {
  readonly seed: number;
  readonly messages: number;
  /** Kills, as a multiple of KILL_EVERY_MS. */
  readonly rate: number;
  readonly kills: number;
  readonly bands?: Bands;
}

/** Where there are bands, the victim leaves those below it some time. */
const REST_MS = 1;

/** Priorities, as a manifest has them, of all clients, of all services, and of the victim. */
export interface Bands {
  readonly clients: number;
  readonly services: number;
  readonly victim: number;
}

/** The part of a task's specification that is changed here. */
interface Task {
  readonly module: string;
  args: object;
  priority?: number;
  creation?: object;
}

function bandOf(module: string, { clients, services, victim }: Bands): number {
  if (module === "victim") return victim;
  return module === "client" ? clients : services;
}

/** On the chip there is no room for the programs but in flash. */
function isInFlash({ chip_MHz }: Mode): boolean {
  return chip_MHz !== undefined;
}

/** All that the programs find in "mc/config". */
function configFor(mode: Mode, options: XsStressOptions): object {
  const { seed, messages, rate, kills, bands } = options;
  const mayCrash = kills > 0 || bands !== undefined;
  const reattach = stressConfig(messages, seed, mayCrash ? KILLING : {});
  for (const task of Object.values(reattach.tasks) as Task[]) {
    task.creation = isInFlash(mode) ? CREATION_IN_FLASH : CREATION;
    if (bands === undefined) continue;
    task.priority = bandOf(task.module, bands);
    if (task.module === "victim") task.args = { ...task.args, rest_ms: REST_MS };
  }
  return { reattach, stress: { seed, rate, kills, mayCrash } };
}

/** What came out. */
export interface XsStressResult extends StressResult {
  readonly calls: NativeCalls;
}

/** What came out, or, as a text, why there is no result. */
export async function stressOnXs(
  mode: Mode,
  options: XsStressOptions,
): Promise<XsStressResult | string> {
  const programs = await bundle(PROGRAMS);
  const { code, stdout, stderr } = await run({
    mode,
    bundle: programs,
    main: "stress",
    config: configFor(mode, options),
    preload: isInFlash(mode) ? ["client", "server", "victim"] : [],
    switches: [`--seed=${options.seed}`, "--count-calls"],
    timeout_ms: TIMEOUT_MS,
  });
  programs.remove();
  const result = resultIn<StressResult>(stdout);
  if (code !== 0 || result === undefined) {
    return `the process ends with ${code}: ${stderr}\n${stdout.slice(-2_000)}`;
  }
  return { ...result, calls: nativeCallsIn(stdout) };
}
