/**
 * A board without HAM (manifest.json): what does not need it goes on, and there is
 * nothing of it.
 */
import { join } from "node:path";
import test from "tape";
import { bundle } from "./bundle.js";
import { missing, MODES, run } from "./host.js";
import { resultIn } from "./results-in.js";

const [mode] = MODES;
const MOST = 40;
/** The program lies in the heap; that of an application would be in flash. */
const CREATION = { static: 0, chunk: { initial: 16_384 }, heap: { initial: 4_096 }, stack: 1_024 };

test("without HAM: ha_creat, recovery, heartbeats and restarts work on XS", async (t) => {
  const why = missing(mode!);
  if (why !== "") return t.skip(why);
  const path = (name: string): string => join(import.meta.dirname, "programs", `${name}.ts`);
  const programs = { "without-ham": path("without-ham"), plain: path("plain") };
  const all = await bundle(programs, {}, ["reattach/ham"]);
  const plain = (most: number): object => ({ module: "plain", args: { most }, creation: CREATION });
  const tasks = {
    server: { ...plain(0), services: ["answers"], heartbeat_ms: 500 },
    asker: plain(MOST),
  };
  const config = { most: MOST, reattach: { tasks } };
  const left = { without: ["reattach/ham"] };
  const outcome = await run({ mode: mode!, bundle: all, main: "without-ham", config, ...left });
  all.remove();
  t.equal(outcome.code, 0, "the process ends well");
  const result = resultIn<object>(outcome.stdout);
  if (result === undefined) return t.fail(`no result: ${outcome.stderr}\n${outcome.stdout}`);
  t.deepEqual(
    result,
    {
      answers: MOST,
      deaths: ["server: hung"],
      restarts: 1,
      ham: { name: "ham", info: [], children: [] },
    },
    "all was answered, by two lives of the server",
  );
});
