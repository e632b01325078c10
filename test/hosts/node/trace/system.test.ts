/**
 * A system that is traced: rings that are too small say what is lost, and a file goes on when the
 * system does.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import test from "tape";
import { boot } from "reattach/node";
import { Patience } from "../../../patience.js";
import { folderOf } from "../temp-folder.js";
import { problemsIn, type TraceEvent } from "./format.js";

const execute = promisify(execFile);
const MODULE = new URL("../../../../dist/node/hosts/node/trace/trace-file.js", import.meta.url)
  .href;

const FLOOD = `
import { MsgReceive, MsgReply, MsgSend, name_attach, name_open, delay } from "reattach";
export function main({ role }) {
  const message = new Uint8Array(32);
  if (role === "server") {
    const chid = name_attach(null, "echo", 0);
    for (;;) MsgReply(MsgReceive(chid, message, 32, null), 0, message, 8);
  }
  let coid = -1;
  for (; coid < 0; delay(5)) coid = name_open("echo", 0);
  for (;;) MsgSend(coid, message, 8, message, 8);
}`;

const APP = {
  "manifest.json": {
    modules: { flood: "./flood" },
    config: {
      reattach: {
        tasks: {
          server: { module: "flood", args: { role: "server" } },
          client: { module: "flood", args: { role: "client" } },
        },
      },
    },
  },
  "flood.js": FLOOD,
};

function eventsIn(file: string): TraceEvent[] {
  return JSON.parse(readFileSync(file, "utf8")) as TraceEvent[];
}

test("tracing: a ring that is too small says how much is lost, and where", async (t) => {
  const folder = folderOf(t, APP);
  const file = join(folder, "trace.json");
  const system = await boot(folder, { trace: { file, records: 16 } });
  await system.start();
  const patience = new Patience(60_000);
  while (system.tracing.lost === 0 && !patience.isOver) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await system.stop();
  const { lost } = system.tracing;
  t.ok(lost > 0, `${lost} records lost`);
  const events = eventsIn(file);
  t.deepEqual(problemsIn(events).slice(0, 5), []);
  const told = events.reduce((sum, { args }) => sum + Number(args?.["lost"] ?? 0), 0);
  t.equal(told, lost, "the file says so too");
});

test("tracing: the file goes on when a stopped system starts again", async (t) => {
  const folder = folderOf(t, APP);
  const file = join(folder, "trace.json");
  const system = await boot(folder, { trace: { file } });
  const sizes: number[] = [];
  for (let round = 1; round <= 2; round++) {
    const ready = new Promise((resolve) => system.once("ready", resolve));
    await system.start();
    await ready;
    await system.stop();
    const events = eventsIn(file);
    t.deepEqual(problemsIn(events).slice(0, 5), [], `round ${round}`);
    sizes.push(events.length);
  }
  t.ok(sizes[1]! > sizes[0]!, `${sizes.join(", then ")} events`);
});

test("tracing: routes of what was sent; none of a system that is not traced", async (t) => {
  const folder = folderOf(t, APP);
  const system = await boot(folder, { trace: {} });
  await system.start();
  const patience = new Patience(60_000);
  const hasReturned = (): boolean => system.tracing.routes().some(({ returned }) => returned > 0);
  while (!hasReturned() && !patience.isOver) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await system.stop();
  const [route, ...others] = system.tracing.routes();
  t.deepEqual([route?.client, route?.server, others], ["client", "server", []]);
  const sum = route!.buckets.reduce((total, count) => total + count, 0);
  t.ok(route!.returned > 0 && sum === route!.returned, `${sum} round trips in 16 buckets`);
  const plain = await boot(folder);
  t.throws(() => plain.tracing, /boot\(\) was called/);
  await plain.stop();
});

test("boot: what trace may be", async (t) => {
  for (const trace of [1, "file", { file: 1 }, { records: -1 }, { postMortem: 1 }]) {
    try {
      await boot(folderOf(t, APP), { trace: trace as object });
      t.fail(JSON.stringify(trace));
    } catch (error) {
      t.match((error as Error).message, /boot: found trace .*, allowed is an object with "file"/);
    }
  }
});

test("tracing: all rings together have a bound, however many records are asked for", async (t) => {
  const system = await boot(folderOf(t, APP), { trace: { records: 1e9 } });
  t.teardown(() => system.stop());
  const { byteLength } = system.tracing.memory;
  t.ok(byteLength > 32 * 1_048_576 && byteLength <= 65 * 1_048_576, `${byteLength} bytes`);
});

test("tracing: a file that takes a part of the trace alone is said not to be whole", async (t) => {
  const file = join(folderOf(t, {}), "trace.json");
  const program = `
    const { TraceFile } = await import(process.argv[1]);
    const file = new TraceFile(process.argv[2]);
    file.begin();
    file.add(JSON.stringify("x".repeat(10_000)));
    await file.close();
    console.log(file.error?.code ?? "whole");`;
  const limit = 'ulimit -f 8 && exec "$0" --input-type=module -e "$1" "$2" "$3"';
  const { stdout } = await execute("sh", ["-c", limit, process.execPath, program, MODULE, file]);
  t.equal(stdout, "EFBIG\n");
});
