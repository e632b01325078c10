/**
 * The manager on XS, when all is well: it looks at its tasks a hundred times a second, and that
 * allocates nothing.
 */
import { join } from "node:path";
import test from "tape";
import { bundle } from "./bundle.js";
import { MEASURED, missing, type Mode, run } from "./host.js";
import { resultIn } from "./results-in.js";

/** As on a board: slots of 16 bytes. */
const mode: Mode = { ...MEASURED, m32: true };
const POLLS = 20_000;

test(`manager on XS: ${POLLS} looks at healthy tasks allocate nothing`, async (t) => {
  const why = missing(mode);
  if (why !== "") return t.skip(why);
  const all = await bundle({
    "manager-idle": join(import.meta.dirname, "programs/manager-idle.ts"),
    bystander: join(import.meta.dirname, "../../unit/manager/supervise/bystander.ts"),
  });
  const bystander = (name: string): object => ({
    module: "bystander",
    args: { name },
    heartbeat_ms: 1_000,
  });
  const tasks = { one: bystander("one"), two: { ...bystander("two"), dependsOn: ["one"] } };
  const config = { polls: POLLS, reattach: { tasks } };
  const main = "manager-idle";
  const { code, stdout, stderr } = await run({ mode, bundle: all, main, config });
  all.remove();
  t.equal(code, 0, "the process ends well");
  const allocated = resultIn<number[]>(stdout);
  if (allocated === undefined) return t.fail(`no result: ${stderr}\n${stdout.slice(-2_000)}`);
  t.deepEqual(allocated, [0, 0, 0], "slots, chunk bytes, collections");
});
