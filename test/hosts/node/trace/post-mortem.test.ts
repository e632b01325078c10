/**
 * `reattach run --post-mortem` and `reattach trace print`: the last messages of a task that has
 * died, in threads that really die.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { boot } from "reattach/node";
import { Decoder } from "../../../../hosts/node/trace/decode.js";
import { reattach } from "../run-process.js";
import { folderOf } from "../temp-folder.js";
import { ECHO_APP, runEcho } from "./echo-app.js";
import { problemsIn, type TraceEvent } from "./format.js";

/** Of src/kernel/trace/ring.ts. */
const [DEATH, RECEIVE, REPLY] = [3, 6, 7];
const MAIN = 0;
const SERVER = 1;
/** Of each task: post-mortem.ts. */
const RECORDS_MAX = 1_000;

/** Place and kind of each record among these lines, in their order. */
function recordsIn(lines: readonly string[]): { place: number; kind: number }[] {
  return lines.flatMap((line) => {
    const [, place, , , kind] = /rec (\d+) (\d+) (\d+) (\d+)/.exec(line) ?? [];
    return place === undefined ? [] : [{ place: Number(place), kind: Number(kind) }];
  });
}

test("run --post-mortem: the last messages of the dead are in the file", async (t) => {
  const folder = folderOf(t, ECHO_APP);
  const file = join(folder, "last.log");
  const { code, stderr } = await runEcho(folder, "--post-mortem", file);
  t.equal(code, 0, stderr);
  t.ok(stderr.includes(`the last messages of all tasks are in ${file}`), "the log says where");
  const lines = readFileSync(file, "utf8").split("\n");
  t.match(lines[0]!, /^server \(pid \d+\) died: killed/, "what has happened");
  const records = recordsIn(lines);
  const dead = records.filter(({ place }) => place === SERVER);
  t.ok(dead.filter(({ kind }) => kind === RECEIVE).length > 5, "what it has received");
  t.ok(dead.filter(({ kind }) => kind === REPLY).length > 5, "and answered");
  t.ok(dead.length <= RECORDS_MAX, `${dead.length} records, of which there is a bound`);
  const decoded = await reattach(["trace", "decode", file]).ended;
  t.equal(decoded.code, 0, decoded.stderr);
  const events = JSON.parse(readFileSync(`${file}.json`, "utf8")) as TraceEvent[];
  t.deepEqual(problemsIn(events).slice(0, 5), [], "a trace by the rules");
  t.notOk(existsSync(`${file}.part`), "nothing else is left");
});

test("post-mortem: the board's restart too; a folder that is not there", async (t) => {
  const folder = folderOf(t, ECHO_APP);
  const file = join(folder, "last.log");
  const system = await boot(folder, { trace: { postMortem: file, records: 4_096 } });
  const ready = new Promise((resolve) =>
    system.on("ready", (name) => name === "client" && resolve(null)),
  );
  await system.start();
  await ready;
  await system.reboot("on purpose");
  await system.stop();
  const text = readFileSync(file, "utf8");
  t.match(text, /^the board was restarted: on purpose\n/);
  t.ok(recordsIn(text.split("\n")).length > 0, "with records of tasks");
  for (const path of ["/nowhere/last.log"]) {
    try {
      await boot(folder, { trace: { postMortem: path } });
      t.fail("it has begun");
    } catch (error) {
      t.match((error as Error).message, /trace: \/nowhere\/last\.log cannot be written: ENOENT/);
    }
  }
});

test("trace print: the last messages of a running simulator", async (t) => {
  const folder = folderOf(t, ECHO_APP);
  const traced = reattach(["run", folder, "--post-mortem", join(folder, "last.log")]);
  await traced.seen(/running/);
  const run = String(traced.child.pid);
  let records: ReturnType<typeof recordsIn> = [];
  let lines: string[] = [];
  // It says that it runs before its tasks have sent anything.
  while (records.filter(({ kind }) => kind === REPLY).length < 5) {
    const { code, stdout, stderr } = await reattach(["trace", "print", "--run", run]).ended;
    t.equal(code, 0, stderr);
    if (code !== 0) break;
    lines = stdout.split("\n");
    records = recordsIn(lines);
  }
  const decoder = new Decoder();
  for (const line of lines) decoder.read(line);
  const { damaged, records: decoded } = decoder.tell(() => undefined);
  t.deepEqual([damaged, decoded], [0, records.length], `${decoded} records, which decode reads`);
  t.notOk(
    records.some(({ place, kind }) => place !== MAIN && kind === DEATH),
    "nobody has died",
  );
  traced.child.kill("SIGTERM");
  await traced.ended;
});

test("trace print: a simulator that is not traced says how it would be", async (t) => {
  const plain = reattach(["run", folderOf(t, ECHO_APP)]);
  await plain.seen(/running/);
  const argv = ["trace", "print", "--run", String(plain.child.pid)];
  const { code, stderr } = await reattach(argv).ended;
  t.equal(code, 1);
  t.match(stderr, /not traced.*--post-mortem/);
  plain.child.kill("SIGTERM");
  await plain.ended;
});
