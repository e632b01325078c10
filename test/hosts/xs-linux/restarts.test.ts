/**
 * Restarts of every task on real XS: the main VM needs no more memory, and the arena is clean.
 */
import { join } from "node:path";
import test from "tape";
import { bundle } from "./bundle.js";
import { missing, run, THIRTY_TWO_BIT } from "./host.js";
import type { RestartsResult } from "./restarts-result.js";
import { resultIn } from "./results-in.js";

const restarts = Number(process.env["RESTARTS"] ?? 30);
const mode = THIRTY_TWO_BIT;
const TIMEOUT_MS = 400_000;
/** A promise or a list that is in use at one moment and not at the other. */
const SLOTS_MORE = 64;
const CHUNK_BYTES_MORE = 2_048;

test(`restarts on XS: ${restarts} of each task leave memory flat`, async (t) => {
  const why = missing(mode);
  if (why !== "") return t.skip(why);
  const all = await bundle({
    restarts: join(import.meta.dirname, "programs/restarts.ts"),
    bystander: join(import.meta.dirname, "../../unit/manager/supervise/bystander.ts"),
  });
  const bystander = { module: "bystander", restart: { backoff_ms: 0, minRun_ms: 0 } };
  const tasks = {
    plain: { ...bystander, args: { name: "plain" } },
    spared: { ...bystander, args: { name: "spared" }, standby: true },
    dependent: { ...bystander, args: { name: "dependent" }, dependsOn: ["plain"] },
  };
  const config = { restarts, reattach: { tasks } };
  const options = { mode, bundle: all, main: "restarts", config, timeout_ms: TIMEOUT_MS };
  const { code, stdout, stderr } = await run(options);
  all.remove();
  t.equal(code, 0, "the process ends well");
  const result = resultIn<RestartsResult>(stdout);
  if (result === undefined) return t.fail(`no result: ${stderr}\n${stdout.slice(-2_000)}`);
  t.deepEqual(result.restarts, [restarts, restarts, restarts], "each of them");
  const [slots = 0, slotsLast = 0] = result.slots;
  const [bytes = 0, bytesLast = 0] = result.chunkBytes;
  t.ok(slotsLast <= slots + SLOTS_MORE, `slots: ${slots}, then ${slotsLast}`);
  t.ok(bytesLast <= bytes + CHUNK_BYTES_MORE, `chunk bytes: ${bytes}, then ${bytesLast}`);
  t.equal(result.left, 0, "nothing is left in the arena");
});
