/**
 * Post-mortem on XS: what a board prints when a task dies and before it restarts is what its rings
 * hold, and `reattach trace decode` reads it.
 */
import { join } from "node:path";
import test from "tape";
import { Decoder } from "../../../hosts/node/trace/decode.js";
import { RingReader } from "../../../src/kernel/trace/entry.js";
import * as R from "../../../src/kernel/trace/ring.js";
import { EXIT_RESTARTED } from "../../../hosts/xs-test/exit-codes.mjs";
import { problemsIn, type TraceEvent } from "../node/trace/format.js";
import { MEASURED, missing, run } from "./host.js";
import { MARK } from "./programs/results.js";
import { resultIn } from "./results-in.js";
import { bundleTraced, TRACED_PRELOAD } from "./traced.js";

const RECORDS = 1_024;
const MESSAGES = 9;
const PROGRAMS = {
  "post-mortem": join(import.meta.dirname, "programs/post-mortem.ts"),
  "post-mortem-task": join(import.meta.dirname, "programs/post-mortem-task.ts"),
};
/** Their program lies in the heap; that of an application would be in flash. */
const creation = { static: 0, chunk: { initial: 32_768 }, heap: { initial: 2_048 }, stack: 512 };
const module = "post-mortem-task";
const TASKS = {
  server: { module, creation, args: { most: MESSAGES }, stableBytes: 8 },
  client: { module, creation, args: { most: 0 } },
};
const SERVER = 1;

/** The records of a place among lines, as numbers: see src/kernel/trace/lines.ts. */
function recordsIn(lines: readonly string[], place: number): number[][] {
  const mark = `reattach-trace rec ${place} `;
  return lines.flatMap((line) => {
    const at = line.indexOf(mark);
    return at < 0
      ? []
      : [
          line
            .slice(at + mark.length)
            .split(" ")
            .slice(0, -1)
            .map(Number),
        ];
  });
}

/** The same of the words of a ring. */
function recordsOf(words: readonly number[]): number[][] {
  const memory = R.createRings(SERVER + 1, RECORDS);
  R.ringOf(memory, SERVER).set(words);
  return new RingReader(memory, SERVER)
    .read(true)
    .entries.map(({ number, time_us, kind, peer, value, message }) => [
      number,
      time_us,
      kind,
      peer,
      value,
      message,
    ]);
}

test("post-mortem on XS: what is printed of the dead is what their rings hold", async (t) => {
  const why = missing(MEASURED);
  if (why !== "") return t.skip(why);
  const bundle = await bundleTraced(PROGRAMS);
  const main = "post-mortem";
  const config = { reattach: { limits: { messageTrace: RECORDS }, tasks: TASKS } };
  const preload = TRACED_PRELOAD;
  const { code, stdout, stderr } = await run({ mode: MEASURED, bundle, main, config, preload });
  bundle.remove();
  t.equal(code, EXIT_RESTARTED, `the board has restarted${stderr.includes("fatal") ? stderr : ""}`);
  const found = resultIn<{ ring: number[] }>(stdout);
  if (found === undefined) return t.fail(`no result: ${stderr}${stdout.slice(-2_000)}`);
  const lines = stdout.split("\n");
  const atDeath = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith(MARK)),
  );
  const dead = recordsIn(atDeath, SERVER);
  t.deepEqual(dead, recordsOf(found.ring), `${dead.length} records of the dead`);
  const count = (kind: number): number => dead.filter(([, , each]) => each === kind).length;
  t.deepEqual([count(R.KIND_RECEIVE), count(R.KIND_REPLY)], [MESSAGES, MESSAGES], "its messages");
  t.equal(dead.at(-1)?.[2], R.KIND_DEATH, "its death is the last");
  const atRestart = lines.slice(lines.findIndex((line) => line.includes("restarting the board")));
  const both = recordsIn(atRestart, SERVER);
  t.deepEqual(both.slice(0, dead.length), dead, "before the restart they are there still");
  t.ok(both.length > dead.length, "in front of those of the successor");
  const decoder = new Decoder();
  for (const line of lines) decoder.read(line);
  const events: TraceEvent[] = [];
  const { damaged } = decoder.tell((event) => void events.push(JSON.parse(event) as TraceEvent));
  t.equal(damaged, 0, "every line is whole");
  t.deepEqual(problemsIn(events).slice(0, 5), [], "a trace by the rules");
});
