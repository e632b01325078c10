/**
 * `reattach run` as its users meet it: what it prints, its exit code, and what is left of it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "tape";
import type { Report } from "../../../hosts/node/cli/report.js";
import { Patience } from "../../patience.js";
import { reattach, type Running } from "./run-process.js";
import { folderOf } from "./temp-folder.js";

const TASKS = fileURLToPath(new URL("./tasks", import.meta.url));

function start(...argv: string[]): Running {
  return reattach(["run", ...argv]);
}

/** Tasks that do what `tasks` says, with this restart policy. */
function manifest(tasks: Record<string, string>, restart: object = {}): unknown {
  return {
    modules: { tasks: TASKS },
    config: {
      reattach: {
        tasks: Object.fromEntries(
          Object.entries(tasks).map(([name, act]) => [
            name,
            { module: "tasks", args: { act }, restart },
          ]),
        ),
      },
    },
  };
}

/** State and process group of a process, from "pid (name) state parent group …". */
const STAT = /\) (\S) \d+ (\d+) /;

/** Is any process of the group alive? A zombie that nobody waits for is not. */
function isGroupAlive(group: number): boolean {
  const processes = existsSync("/proc/self/stat")
    ? readdirSync("/proc").filter((name) => /^\d+$/.test(name))
    : [];
  for (const pid of processes) {
    const [, state, itsGroup] = STAT.exec(readStat(`/proc/${pid}/stat`)) ?? [];
    if (itsGroup === String(group) && state !== "Z") return true;
  }
  if (processes.length > 0) return false;
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

/** Empty when the process has gone since it was listed. */
function readStat(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return "";
    throw error;
  }
}

test("run: ends when all tasks have ended, with exit code 0", async (t) => {
  const folder = folderOf(t, { "manifest.json": manifest({ one: "return", two: "log" }) });
  const { code, stdout, stderr } = await start(folder).ended;
  t.equal(code, 0);
  t.match(stdout, /^ended: all tasks ended; seed \d+; faults injected 0; deaths 0/);
  t.match(stderr, /^\d\d:\d\d:\d\d\.\d{3} info +\[two\] traced 7$/m, "time, level, task, text");
  t.match(stdout, /\n\ngood\n$/);
});

test("run: --duration ends it, with exit code 0", async (t) => {
  const folder = folderOf(t, { "manifest.json": manifest({ server: "serve" }) });
  const { code, stdout } = await start(folder, "--duration", "100ms").ended;
  t.equal(code, 0);
  t.match(stdout, /^ended: duration; /);
});

test("run: --fault: deaths that were asked for are no failure", async (t) => {
  const folder = folderOf(t, { "manifest.json": manifest({ server: "serve" }) });
  const running = start(folder, "--fault", "kill:server:100ms", "--seed", "5", "--json");
  await running.seen(/server \(pid \d+\) died: killed/);
  running.child.kill("SIGINT");
  const { code, stdout } = await running.ended;
  t.equal(code, 0);
  const report = JSON.parse(stdout) as {
    ending: string;
    seed: number;
    injected: number;
    deaths: { cause: string }[];
  };
  t.equal(report.ending, "signal");
  t.equal(report.seed, 5);
  t.ok(report.injected > 0, "faults were injected");
  t.ok(report.deaths.length > 0 && report.deaths.every(({ cause }) => cause === "killed"));
});

test("run: a task that stays dead makes the run a failure", async (t) => {
  const folder = folderOf(t, { "manifest.json": manifest({ bad: "throw" }, { when: "never" }) });
  const { code, stdout, stderr } = await start(folder).ended;
  t.equal(code, 1);
  t.match(stdout, /^ended: all tasks ended; /, "there is nothing left to wait for");
  t.match(stdout, /\n\nfailed:\n {2}bad is dead and not started again: throw: RangeError: .*\n$/);
  t.match(stderr, /bad \(pid \d+\) died: throw: RangeError: thrown on purpose\n.*tasks\.ts:\d+/);
});

test("run: --expect: what was expected is no failure, and must be so", async (t) => {
  const folder = folderOf(t, { "manifest.json": manifest({ bad: "throw" }, { when: "never" }) });
  const { code, stdout } = await start(folder, "--expect", "stopped:bad", "--json").ended;
  t.equal(code, 0);
  const report = JSON.parse(stdout) as Report;
  t.equal(report.ok, true);
  t.equal(report.deaths.length, 1);
  t.ok(report.deaths[0]!.at_ms >= 0, "the time of a death");
  t.equal(report.deaths[0]!.isInjected, false);
  t.deepEqual([report.reboots, report.held, report.stuck, report.deadlocks], [[], [], [], []]);
  const other = await start(folder, "--expect", "held:bad", "--strict").ended;
  t.equal(other.code, 1);
  t.match(other.stdout, /\n {2}bad was expected to be held, found bad is dead/);
  t.match(other.stdout, /\n {2}bad died: throw: RangeError: thrown on purpose\n/, "--strict");
});

test("run: a death that was mended is no failure, and with --strict it is", async (t) => {
  const tasks = { phoenix: "throwOnce" };
  const folder = folderOf(t, { "manifest.json": manifest(tasks, { backoff_ms: 0 }) });
  for (const [strict, code] of [
    [[], 0],
    [["--strict"], 1],
  ] as const) {
    const running = start(folder, ...strict);
    await running.seen(/\[phoenix\] lives again/);
    running.child.kill("SIGINT");
    t.equal((await running.ended).code, code, strict.join(" "));
  }
});

test("run: a task that is held, and a board that was restarted, are failures", async (t) => {
  const restart = { intensity: 0, backoff_ms: 0, minRun_ms: 0, escalate: ["board"] };
  const folder = folderOf(t, { "manifest.json": manifest({ bad: "throw" }, restart) });
  const running = start(folder, "--json");
  await running.seen(/bad is held/);
  running.child.kill("SIGINT");
  const { code, stdout } = await running.ended;
  t.equal(code, 1);
  const { held, reboots, problems } = JSON.parse(stdout) as Report;
  t.deepEqual(held, ["bad"]);
  t.ok(reboots.length > 0 && reboots.every(({ reason }) => /bad/.test(reason)));
  t.equal(problems.length, 2, problems.join("; "));
});

test('run: when "always": what ended begins again, and the run goes on', async (t) => {
  const policy = { when: "always", backoff_ms: 0, minRun_ms: 0, intensity: 100 };
  const folder = folderOf(t, { "manifest.json": manifest({ again: "log" }, policy) });
  const running = start(folder);
  await running.seen(/(traced 7[^]*){3}/);
  running.child.kill("SIGINT");
  const { code, stdout } = await running.ended;
  t.equal(code, 0);
  t.match(stdout, /^ended: signal/);
});

test("run: a restart of the only task does not end it", async (t) => {
  const folder = folderOf(t, { "manifest.json": manifest({ server: "block" }) });
  const running = start(folder);
  await running.seen(/before blocking/);
  const run = String(running.child.pid);
  t.equal((await reattach(["restart", "server", "--run", run]).ended).code, 0);
  await running.seen(/(before blocking[^]*){2}/);
  running.child.kill("SIGINT");
  const { code, stdout } = await running.ended;
  t.equal(code, 0);
  t.match(stdout, /^ended: signal/);
});

test("run: a program that does not compile is exit code 2, and nothing runs", async (t) => {
  const folder = folderOf(t, {
    "manifest.json": {
      modules: { "*": "./bad" },
      config: { reattach: { tasks: { bad: { module: "bad" } } } },
    },
    "bad.ts": "export function main( {}",
  });
  const { code, stdout, stderr } = await start(folder).ended;
  t.equal(code, 2);
  t.equal(stdout, "");
  t.match(stderr, /bad\.ts:1:\d+: /);
});

const WRONG: readonly [option: string, value: string, message: RegExp][] = [
  ["--seed", "x", /--seed: found "x", allowed is a whole number from 0 to 4294967295/],
  ["--duration", "soon", /--duration: found "soon", allowed is a number of seconds/],
  ["--fault", "kill:sevrer:1s", /found task "sevrer".*server/],
  ["--fault", "maim:server:1s", /found kind "maim".*kill/],
  ["--expect", "hold:server", /--expect: found "hold:server", allowed are held:<task>, /],
  ["--expect", "held:sevrer", /found task "sevrer", allowed is server/],
  ["--log-level", "warning", /--log-level: found "warning", allowed are debug, info, warn, error/],
  ["--log-task", "sevrer", /--log-task: found task "sevrer", allowed are server, main/],
];

for (const [option, value, message] of WRONG) {
  test(`run: ${option} ${value} is exit code 2, with what is allowed`, async (t) => {
    const folder = folderOf(t, { "manifest.json": manifest({ server: "serve" }) });
    const { code, stderr } = await start(folder, `${option}=${value}`).ended;
    t.equal(code, 2);
    t.match(stderr, message);
  });
}

test("run: SIGINT ends it in good order", async (t) => {
  const folder = folderOf(t, { "manifest.json": manifest({ blocked: "block", looper: "loop" }) });
  const running = start(folder);
  await running.seen(/before blocking/);
  running.child.kill("SIGINT");
  const { code, stdout } = await running.ended;
  t.equal(code, 0);
  t.match(stdout, /^ended: signal/);
});

test("run: killed, it leaves no process behind", async (t) => {
  const folder = folderOf(t, { "manifest.json": manifest({ blocked: "block", looper: "loop" }) });
  const running = start(folder);
  await running.seen(/before blocking/);
  const group = running.child.pid!;
  t.ok(isGroupAlive(group), "it runs");
  running.child.kill("SIGKILL");
  await running.ended;
  const patience = new Patience(10_000);
  while (isGroupAlive(group) && !patience.isOver) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.notOk(isGroupAlive(group), "neither its threads nor the compiler");
});

test("run: what a board would not take is a line of the log, and the run goes on", async (t) => {
  const folder = folderOf(t, {
    "manifest.json": {
      include: "$(MODDABLE)/examples/manifest_base.json",
      modules: { "*": ["./main", "./sensor"] },
      preload: "senosr",
      config: { reattach: { tasks: { sensor: { module: "sensor" } } } },
    },
    "main.ts": "",
    "sensor.ts": 'import { cwd } from "node:process";\nexport const main = () => trace(cwd());\n',
  });
  const { code, stderr } = await start(folder).ended;
  t.equal(code, 0, "it runs all the same");
  t.match(stderr, /warn +\[main\] not on a board: .*manifest\.json:1:\d+: preload: found "senosr"/);
  t.match(stderr, /warn +\[main\] not on a board: .*sensor\.ts:1:\d+: found "node:process", a mod/);
});
