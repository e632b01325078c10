/**
 * The main VM on XS while nothing happens: its tick, a hundred times a second above all tasks.
 */
import { join } from "node:path";
import test from "tape";
import { bundle } from "./bundle.js";
import { MEASURED, missing, type Mode, run } from "./host.js";
import { resultIn } from "./results-in.js";

/** As on a board: slots of 16 bytes. */
const mode: Mode = { ...MEASURED, m32: true };
const TASKS = 8;
const HEARTBEAT_MS = 2_000;
const FOR_MS = 8_000;
/** Bytecodes of a tick, on average: heartbeats and slow looks are in it. */
const BYTECODES_MAX = 100;

test(`tick on XS: at most ${BYTECODES_MAX} bytecodes with ${TASKS} idle tasks`, async (t) => {
  const why = missing(mode);
  if (why !== "") return t.skip(why);
  const all = await bundle({
    quiet: join(import.meta.dirname, "programs/quiet.ts"),
    bystander: join(import.meta.dirname, "../../unit/manager/supervise/bystander.ts"),
  });
  const tasks: Record<string, object> = {};
  for (let i = 1; i <= TASKS; i++) {
    const name = `task${i}`;
    tasks[name] = { module: "bystander", args: { name }, heartbeat_ms: HEARTBEAT_MS };
  }
  const config = { for_ms: FOR_MS, reattach: { tasks } };
  const { code, stdout, stderr } = await run({ mode, bundle: all, main: "quiet", config });
  all.remove();
  t.equal(code, 0, "the process ends well, and all tasks wait for messages");
  const result = resultIn<{ used: number; ticks: number }>(stdout);
  if (result === undefined) return t.fail(`no result: ${stderr}\n${stdout.slice(-2_000)}`);
  const { used, ticks } = result;
  t.ok(used / ticks <= BYTECODES_MAX, `${(used / ticks).toFixed(1)} bytecodes a tick`);
});
