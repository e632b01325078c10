/**
 * Runs the hostile tasks on real XS.
 */
import { join } from "node:path";
import type test from "tape";
import { judge } from "../../proof/hostile/threads/judge.js";
import { type HostileResult, hostileTasks, LIMITS } from "../../proof/hostile/threads/tasks.js";
import { bundle } from "./bundle.js";
import { missing, type Mode, run } from "./host.js";
import { resultIn } from "./results-in.js";

const TIMEOUT_MS = 120_000;

const threads = join(import.meta.dirname, "../../proof/hostile/threads");
const PROGRAMS = {
  hostile: join(import.meta.dirname, "programs/hostile.ts"),
  attacker: join(threads, "attacker.ts"),
  client: join(threads, "client.ts"),
  server: join(threads, "server.ts"),
};

/** Sources are compiled in the task; and an attacker's arguments are garbage to be collected. */
const CREATION = {
  static: 0,
  chunk: { initial: 131_072 },
  heap: { initial: 16_384 },
  stack: 2_048,
};

/** Runs until attackers have made so many calls, and judges what came out. */
export async function attackOnXs(
  t: test.Test,
  mode: Mode,
  calls: number,
  seed: number,
): Promise<void> {
  const why = missing(mode);
  if (why !== "") return t.skip(why);
  const programs = await bundle(PROGRAMS);
  const tasks = hostileTasks(seed, true);
  for (const task of Object.values(tasks)) Object.assign(task, { creation: CREATION });
  const { code, stdout, stderr } = await run({
    mode,
    bundle: programs,
    main: "hostile",
    config: { reattach: { limits: LIMITS, tasks }, hostile: { calls } },
    switches: [`--seed=${seed}`],
    timeout_ms: TIMEOUT_MS,
  });
  programs.remove();
  t.equal(code, 0, "the process ends well");
  const result = resultIn<HostileResult>(stdout);
  if (result === undefined) return t.fail(`no result: ${stderr}\n${stdout.slice(-2_000)}`);
  judge(t, calls, result);
}
