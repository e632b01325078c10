/**
 * What `reattach run` shows of the log, and that nobody who does not read it holds up the run.
 */
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import test from "tape";
import type { Report } from "../../../hosts/node/cli/report.js";
import { type Reading, reattach } from "./run-process.js";
import { folderOf } from "./temp-folder.js";

const WRITERS = fileURLToPath(new URL("./log/writers", import.meta.url));

function manifest(tasks: Record<string, object>): unknown {
  const declared = Object.entries(tasks).map(
    ([name, args]) => [name, { module: "writers", args }] as const,
  );
  return {
    modules: { writers: WRITERS },
    config: { reattach: { tasks: Object.fromEntries(declared) } },
  };
}

const FLOOD = manifest({ one: { act: "flood" }, two: { act: "flood" } });

/** So long two tasks write without end, and nobody reads it. */
const FLOOD_MS = 1_000;

const READINGS: readonly [what: string, reading: Reading][] = [
  ["standard error is not read", "stdout"],
  ["nothing is read", "nothing"],
];

for (const [what, reading] of READINGS) {
  test(`run: ${what}: tasks that write without end, and --duration ends it`, async (t) => {
    const folder = folderOf(t, { "manifest.json": FLOOD });
    const argv = ["run", folder, "--duration", "1500ms", "--json"];
    const { code, stdout } = await reattach(argv, reading).ended;
    t.equal(code, 0, "good: the guardian has not restarted the board");
    if (reading === "nothing") return;
    const { ending, reboots, deaths } = JSON.parse(stdout) as Report;
    t.equal(ending, "duration");
    t.deepEqual([reboots, deaths], [[], []]);
  });
}

test("run: what an unread pipe has dropped is told when it is read again", async (t) => {
  const folder = folderOf(t, {
    "manifest.json": manifest({ one: { act: "write", count: 100_000 } }),
  });
  // The task ends without its lines being read: only then does the test begin to read.
  const running = reattach(["run", folder, "--json"], "stdout");
  let stderr = "";
  const end = new Promise((resolve) => running.child.stderr!.on("close", resolve));
  await new Promise((resolve) => running.child.stdout!.once("data", resolve));
  running.child.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  await end;
  t.equal((await running.ended).code, 0);
  t.match(stderr, / … [\d,]+ lines dropped\n/);
});

test("run: standard error is closed by its reader: the run goes on", async (t) => {
  const folder = folderOf(t, { "manifest.json": FLOOD });
  const running = reattach(["run", folder]);
  await running.seen(/\[one\]/);
  running.child.stderr!.destroy();
  await delay(FLOOD_MS);
  running.child.kill("SIGTERM");
  const { code, stdout } = await running.ended;
  t.equal(code, 0);
  t.match(stdout, /^ended: signal; /);
});

test("run: a task closes standard error: the run goes on", async (t) => {
  const folder = folderOf(t, { "manifest.json": manifest({ one: { act: "closeAndFlood" } }) });
  const { code, stdout } = await reattach(["run", folder, "--duration", "1500ms"]).ended;
  t.equal(code, 0);
  t.match(stdout, /^ended: duration; /);
});

test("run: --log-level and --log-task choose what is shown", async (t) => {
  const folder = folderOf(t, {
    "manifest.json": manifest({ one: { act: "writeAll" }, two: { act: "writeAll" } }),
  });
  const argv = ["run", folder, "--log-level", "warn", "--log-task", "two"];
  const { code, stderr } = await reattach(argv).ended;
  t.equal(code, 0);
  const lines = stderr.split("\n").filter((line) => /^\d\d:/.test(line));
  t.deepEqual(
    lines.map((line) => line.replace(/^\S+ /, "")),
    [
      "warn   [two] warn",
      "error  [two] error",
      "warn   [two] Assertion failed: asserted",
      "error  [two] bad",
    ],
  );
});
