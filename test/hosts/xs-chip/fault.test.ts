/**
 * A fault on an emulated chip: beside the task and its pc it tells the last records of the trace.
 */
import { join } from "node:path";
import test from "tape";
import { bundle } from "../xs-linux/bundle.js";
import { missing, type Mode, run } from "../xs-linux/host.js";
import { CHIP, CORTEX_M3 } from "./chip.js";

/** Both tasks run by then, and the first one has been killed and started again. */
const FAULT_MS = 900;
const FAULT = 98;

async function check(t: test.Test, mode: Mode, told: RegExp): Promise<void> {
  const why = missing(mode);
  if (why !== "") return t.skip(why);
  const programs = join(import.meta.dirname, "../xs-linux/programs");
  const all = await bundle({
    busy: join(programs, "busy.ts"),
    "busy-task": join(programs, "busy-task.ts"),
  });
  const task = (args: object): object => ({
    module: "busy-task",
    args,
    restart: { backoff_ms: 0, minRun_ms: 0, intensity: 100 },
  });
  const tasks = { server: task({ role: "server" }), client: task({ role: "waits", outages: 2 }) };
  const { code, stderr } = await run({
    mode,
    bundle: all,
    main: "busy",
    config: { kills: 1, reattach: { tasks } },
    preload: ["busy-task"],
    switches: [`--machine-writes-flash=${FAULT_MS}`],
  });
  all.remove();
  t.equal(code, FAULT, "the run ends");
  t.match(stderr, told, "who, and where");
  const trace = stderr.match(/^xs-chip: trace .*$/gm) ?? [];
  const records = trace.map((line) => line.replace(/^xs-chip: trace /, "").replaceAll(/\d+/g, "n"));
  t.deepEqual(
    records.slice(0, 2),
    ["n: n ms, task main: start n (server)", "n: n ms, task main: start n (client)"],
    "what started",
  );
  t.ok(records.includes("n: n ms, task main: death n (server)"), "who died");
  t.ok(records.includes("n: n ms, task client: recovered n"), "who recovered");
  const numbers = trace.map((line) => Number(/trace (\d+)/.exec(line)![1]));
  const times = trace.map((line) => Number(/ (\d+) ms/.exec(line)![1]));
  t.deepEqual(
    numbers,
    Array.from(numbers.keys(), (index) => index + 1),
    "in their order",
  );
  t.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
    "with their times",
  );
  t.ok(
    times.every((time) => time <= FAULT_MS),
    `which are before the fault: ${times.join(", ")}`,
  );
}

test("fault on the chip: the task, its pc, and what happened before", (t) =>
  check(t, CHIP, /^xs-chip: task writer: fault 7 at pc 0x8[0-9a-f]+, ra 0x8/m));

test("fault on a Cortex-M3: the same", (t) =>
  check(t, CORTEX_M3, /^xs-chip: task writer: fault 0x82 at pc 0x[0-9a-f]{4,5}, lr 0x/m));
