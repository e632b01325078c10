/**
 * The stress on real XS: most messages where wake-ups get lost, as they do on XS 8.2.3, and fewer
 * in the other modes.
 */
import { join } from "node:path";
import test from "tape";
import { judge } from "../../stress/judge.js";
import type { StressResult } from "../../stress/run.js";
import { stressTasks } from "../../stress/tasks.js";
import { bundle } from "./bundle.js";
import { LOSSY, missing, type Mode, MODES, run } from "./host.js";
import { MARK } from "./programs/results.js";

const seed = Number(process.env["STRESS_SEED"] ?? Date.now() % 1_000_000);
const rate = Number(process.env["STRESS_KILLS"] ?? 1);
/** A million with npm run verify. */
const LOSSY_MESSAGES = Number(process.env["XS_MESSAGES"] ?? 100_000);
const TIMEOUT_MS = 600_000;

const root = join(import.meta.dirname, "../..");
const PROGRAMS = {
  stress: join(import.meta.dirname, "programs/stress.ts"),
  client: join(root, "stress/client.ts"),
  server: join(root, "stress/server.ts"),
  victim: join(root, "stress/victim.ts"),
};

/** Sources are compiled in the task, not at build time as for a board: room for that. */
const CREATION = { static: 0, chunk: { initial: 32_768 }, heap: { initial: 2_048 }, stack: 512 };

function messagesIn(mode: Mode): number {
  return mode === LOSSY ? LOSSY_MESSAGES : LOSSY_MESSAGES / 4;
}

for (const mode of MODES) {
  const messages = messagesIn(mode);
  const title = `stress on XS, ${mode.name}: ${messages} messages (STRESS_SEED=${seed})`;
  test(title, async (t) => {
    const why = missing(mode);
    if (why !== "") return t.skip(why);
    const programs = await bundle(PROGRAMS);
    const tasks = stressTasks(messages, seed);
    for (const task of Object.values(tasks)) Object.assign(task, { creation: CREATION });
    const { code, stdout, stderr } = await run({
      mode,
      bundle: programs,
      main: "stress",
      config: { reattach: { tasks }, stress: { seed, rate } },
      switches: [`--seed=${seed}`],
      timeout_ms: TIMEOUT_MS,
    });
    programs.remove();
    t.equal(code, 0, "the process ends well");
    const line = stdout.split("\n").find((each) => each.startsWith(MARK));
    if (line === undefined) return t.fail(`no result: ${stderr}\n${stdout.slice(-2_000)}`);
    judge(t, messages, JSON.parse(line.slice(MARK.length)) as StressResult);
  });
}
