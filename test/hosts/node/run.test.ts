/**
 * `reattach run` as its users meet it: what it prints, its exit code, and what is left of it.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "tape";
import { folderOf } from "./temp-folder.js";

const CLI = fileURLToPath(new URL("../../../dist/node/hosts/node/cli/main.js", import.meta.url));
const RUNTIME_FOLDER = mkdtempSync(join(tmpdir(), "reattach-"));
test.onFinish(() => rmSync(RUNTIME_FOLDER, { recursive: true }));
const TASKS = fileURLToPath(new URL("./tasks", import.meta.url));

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Resolves when a line on standard error matches. */
  seen(pattern: RegExp): Promise<void>;
}

/** Starts the command in a process group of its own. */
function start(...argv: string[]): Running {
  // What a killed run leaves behind is no other's business.
  const env = { ...process.env, XDG_RUNTIME_DIR: RUNTIME_FOLDER };
  const child = spawn(process.execPath, [CLI, "run", ...argv], { detached: true, env });
  let stdout = "";
  let stderr = "";
  let look = (): void => undefined;
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    look();
  });
  const ended = new Promise<Awaited<Running["ended"]>>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  const seen = (pattern: RegExp): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (pattern.test(stderr)) resolve();
      };
      look();
    });
  return { child, ended, seen };
}

function manifest(tasks: Record<string, string>): unknown {
  return {
    modules: { tasks: TASKS },
    config: {
      reattach: {
        tasks: Object.fromEntries(
          Object.entries(tasks).map(([name, act]) => [name, { module: "tasks", args: { act } }]),
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
  t.match(stderr, /\[two\] traced 7/);
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

test("run: a task that dies by its own doing makes the run a failure", async (t) => {
  const folder = folderOf(t, { "manifest.json": manifest({ bad: "throw" }) });
  const running = start(folder);
  await running.seen(/died: throw/);
  running.child.kill("SIGINT");
  const { code, stderr } = await running.ended;
  t.equal(code, 1);
  t.match(stderr, /bad \(pid \d+\) died: throw: RangeError: thrown on purpose\n.*tasks\.ts:\d+/);
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
  const end = performance.now() + 10_000;
  while (isGroupAlive(group) && performance.now() < end) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.notOk(isGroupAlive(group), "neither its threads nor the compiler");
});
