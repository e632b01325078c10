/**
 * The command line as its users meet it: a process, what it prints where, and its exit code. What
 * `run` does has its own test, and so have `ps` and what steers a running simulator.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "tape";
import { DEFAULT_ABILITIES } from "../../../src/manager/abilities.js";
import { DEFAULT_POLICY } from "../../../src/manager/supervise/policy.js";
import { DEFAULT_LIMITS } from "../../../src/arena/limits.js";
import { describeRegions, layoutOf } from "../../../src/arena/regions.js";
import { readOptions } from "../../../hosts/node/cli/options.js";
import { CLI } from "./cli-file.js";
import { folderOf } from "./temp-folder.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const APP = "test/hosts/node/fixtures/app";

interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

function start(argv: readonly string[]) {
  return spawn(process.execPath, [CLI, ...argv], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs the command line in the root of the project. */
async function reattach(...argv: string[]): Promise<Result> {
  const child = start(argv);
  const result: Result = { code: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (result.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (result.stderr += text));
  result.code = await new Promise((resolve) => child.on("close", resolve));
  return result;
}

/** What `check` says with the eyes of a board has tests of its own: check.test.ts. */
const SIMULATED = ["--platform", "node"];

/** Limits of the app: two of its own, one of its library, which the app's go over. */
const APP_LIMITS = { ...DEFAULT_LIMITS, tasks: 4, messageBytes: 64, trace: 16 };

test("layout: prints every region with its bytes, and the total", async (t) => {
  const { code, stdout, stderr } = await reattach("layout");
  t.equal(code, 0);
  t.equal(stderr, "");
  const { totalBytes } = layoutOf(DEFAULT_LIMITS);
  for (const { name, offset, bytes, count, reason } of describeRegions(DEFAULT_LIMITS)) {
    const [at, size, many] = [offset, bytes, count].map((value) => value.toLocaleString("en-US"));
    const line = new RegExp(`^ *${at} +${size} +${many} +[0-9.]+%  ${name} +`, "m");
    t.match(stdout, line, name);
    t.ok(stdout.includes(reason), `reason of ${name}`);
  }
  t.match(stdout, new RegExp(`^ +${totalBytes.toLocaleString("en-US")} +100.0%  total$`, "m"));
});

test("layout: --json is the layout of the manifest's limits", async (t) => {
  const { code, stdout } = await reattach("layout", APP, "--json");
  t.equal(code, 0);
  const { totalBytes } = layoutOf(APP_LIMITS);
  const regions = describeRegions(APP_LIMITS);
  t.deepEqual(JSON.parse(stdout), { totalBytes, limits: APP_LIMITS, regions });
});

test("new: a file in the place of its folder is refused, in a sentence", async (t) => {
  const file = join(folderOf(t, { "some.txt": "text" }), "some.txt");
  const found = await reattach("new", file);
  t.equal(found.code, 2);
  t.match(found.stderr, /some\.txt: found a file, allowed is a new or an empty folder/);
  const below = await reattach("new", join(file, "app"));
  t.equal(below.code, 2);
  t.match(below.stderr, /^reattach: \S+app: ENOTDIR: not a directory/);
});

test("layout: a reader that leaves early is no error", async (t) => {
  const child = start(["layout"]);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdout.destroy();
  t.equal(await new Promise((resolve) => child.on("close", resolve)), 0);
  t.equal(stderr, "");
});

test("check: a good application, on one page", async (t) => {
  const { code, stdout, stderr } = await reattach("check", APP, ...SIMULATED);
  t.equal(stderr, "");
  t.equal(code, 0);
  t.equal(
    stdout,
    `${APP}/manifest.json is good

tasks: 2 of 4
  sensor   priority 20  heartbeat 2,000 ms  ${APP}/sensor.ts   2 file(s)
  display  priority 10  no heartbeat        ${APP}/display.ts  1 file(s)

modules: ring, display, sensor
limits: tasks 4, channels 8, connections 32, names 8, messageBytes 64, pulses 8, trace 16, \
stableBytes 64, sharedBuffers 0, sharedBytes 0, messageTrace 64
arena: ${layoutOf(APP_LIMITS).totalBytes.toLocaleString("en-US")} bytes
`,
  );
});

test("check: --json has all that is known", async (t) => {
  const { code, stdout } = await reattach("check", APP, ...SIMULATED, "--json");
  t.equal(code, 0);
  const dir = join(ROOT, APP);
  t.deepEqual(JSON.parse(stdout), {
    ok: true,
    manifest: join(dir, "manifest.json"),
    tasks: [
      {
        name: "sensor",
        module: "sensor",
        file: join(dir, "sensor.ts"),
        priority: 20,
        heartbeat: { period_ms: 2_000, low: 1, high: 2 },
        answer_ms: 0,
        load_ms: 10_000,
        dependsOn: [],
        services: [],
        standby: false,
        essential: false,
        restart: DEFAULT_POLICY,
        abilities: DEFAULT_ABILITIES,
        inputs: [join(dir, "format/degrees.ts"), join(dir, "sensor.ts")],
      },
      {
        name: "display",
        module: "display",
        file: join(dir, "display.ts"),
        priority: 10,
        heartbeat: null,
        answer_ms: 0,
        load_ms: 10_000,
        dependsOn: [],
        services: [],
        standby: false,
        essential: false,
        restart: DEFAULT_POLICY,
        abilities: DEFAULT_ABILITIES,
        inputs: [join(dir, "display.ts")],
      },
    ],
    modules: {
      ring: join(dir, "library/ring.ts"),
      display: join(dir, "display.ts"),
      sensor: join(dir, "sensor.ts"),
    },
    limits: APP_LIMITS,
    arenaBytes: layoutOf(APP_LIMITS).totalBytes,
    notes: [],
  });
});

test("check: finds the problems of all tasks", async (t) => {
  const folder = folderOf(t, {
    "manifest.json": {
      modules: { "*": "./*" },
      config: {
        reattach: {
          tasks: { a: { module: "a" }, b: { module: "b" }, c: { module: "b" }, d: { module: "d" } },
        },
      },
    },
    "a.ts": "export function main(): void { const = 1; }",
    "b.ts": 'import "time"; export function main(): void {}',
    "d.ts": "export function mian(): void {}",
  });
  const { code, stdout } = await reattach("check", ...SIMULATED, folder, "--json");
  t.equal(code, 2);
  const { ok, problems } = JSON.parse(stdout) as { ok: boolean; problems: string[] };
  t.equal(ok, false);
  t.deepEqual(
    problems.map((problem) => problem.replace(/^.*\//, "")),
    [
      'a.ts:1:38: Expected identifier but found "="',
      'b.ts:1:8: Could not resolve "time"',
      "d.ts: exports mian, but a task must export main",
    ],
    "and each of them once",
  );
  const text = await reattach("check", ...SIMULATED, folder);
  t.equal(text.code, 2);
  t.equal(text.stdout, "");
  t.match(text.stderr, /^reattach: .*manifest\.json: 3 problems\n/);
  t.ok(text.stderr.endsWith(`  ${problems.join("\n  ")}\n`), "one line each");
});

test("check: a bad manifest goes to stderr, or as JSON to stdout", async (t) => {
  const folder = folderOf(t, { "manifest.json": { modules: 1 } });
  const [text, json] = await Promise.all([
    reattach("check", ...SIMULATED, folder),
    reattach("check", ...SIMULATED, "--json", folder),
  ]);
  t.equal(text.code, 2);
  t.equal(text.stdout, "");
  t.match(
    text.stderr,
    /^reattach: .*manifest\.json: 2 problems\n {2}.*modules: found 1, allowed is/,
  );
  t.equal(json.code, 2);
  t.equal(json.stderr, "");
  t.equal((JSON.parse(json.stdout) as { problems: string[] }).problems.length, 2);
});

test("readOptions: an option that needs a value gets one, or the line is wrong", (t) => {
  const line = {
    options: { fault: { type: "string", multiple: true }, seed: { type: "string" } },
    required: ["manifest"],
  } as const;
  const { values, positionals } = readOptions(["--fault=a", "app", "--fault", "b"], line);
  t.deepEqual(values.fault, ["a", "b"]);
  t.equal(values.seed, undefined);
  t.deepEqual(positionals, ["app"]);
  t.equal(readOptions(["app", "--seed=-1"], line).values.seed, "-1");
  for (const argv of [
    ["app", "--seed"],
    ["--seed", "--fault", "a", "app"],
  ]) {
    t.throws(
      () => readOptions(argv, line),
      /^UsageError: --seed: found no value, allowed is --seed=value$/,
      argv.join(" "),
    );
  }
  t.end();
});

const COMMANDS =
  "allowed are new, run, dev, simulate, broker, boards, fleet, test, check, trace, layout, ps, " +
  "ham, kill, hang, hold, release, restart, help";

/** Command lines, and what they are told. */
const WRONG: [argv: string[], problem: string, topic?: string][] = [
  [[], `found no command, ${COMMANDS}`],
  [["laoyut"], `found command "laoyut", ${COMMANDS} (did you mean "layout"?)`],
  [["constructor"], `found command "constructor", ${COMMANDS}`],
  [["help", "chekc"], `found command "chekc", ${COMMANDS} (did you mean "check"?)`, "help"],
  [["layout", "--jsn"], "found option --jsn, allowed is --json", "layout"],
  [["layout", "-j"], "found option -j, allowed is --json", "layout"],
  [["layout", "--json=yes"], '--json: found "yes", but it takes no value', "layout"],
  [["layout", APP, "b"], 'found "b", allowed is <manifest>', "layout"],
  [["check"], "found no <manifest>, which is required", "check"],
  [
    ["broker", "--port", "1.5"],
    '--port: found "1.5", allowed is a whole number from 0 to 65535',
    "broker",
  ],
  [
    ["dev", APP, "--port", "0"],
    '--port: found "0", allowed is a whole number from 1 to 65535',
    "dev",
  ],
];

test("reattach: a wrong command line is explained on stderr, and exits with 2", async (t) => {
  const results = await Promise.all(WRONG.map(async ([argv]) => reattach(...argv)));
  for (const [index, { code, stdout, stderr }] of results.entries()) {
    const [argv, problem, topic] = WRONG[index]!;
    const see = topic === undefined ? "reattach help" : `reattach help ${topic}`;
    t.equal(stderr, `reattach: ${problem}\nSee "${see}".\n`, `reattach ${argv.join(" ")}`);
    t.equal(code, 2);
    t.equal(stdout, "");
  }
});

test("reattach: help and version go to stdout, and exit with 0", async (t) => {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    version: string;
  };
  const cases: [argv: string[], expected: RegExp][] = [
    [["--version"], new RegExp(`^${version}\n$`)],
    [["help"], /reattach run <manifest>.*reattach check.*reattach layout.*Exit codes/s],
    [["--help"], /Exit codes/],
    [["help", "check"], /^reattach check <manifest> \[--platform <name>\] \[--json\]\n/],
    [["check", "--help"], /^reattach check <manifest> \[--platform <name>\] \[--json\]\n/],
    [["help", "ps"], /^reattach ps \[options\]\n.*--run <pid>.*--json/s],
    [["hold", "--help"], /^reattach hold <task> \[options\]\n.*--run <pid>/s],
    [["run", "-h"], /^reattach run <manifest> \[options\]\n.*--fault/s],
  ];
  const results = await Promise.all(cases.map(async ([argv]) => reattach(...argv)));
  for (const [index, { code, stdout, stderr }] of results.entries()) {
    const [argv, expected] = cases[index]!;
    t.match(stdout, expected, `reattach ${argv.join(" ")}`);
    t.equal(code, 0);
    t.equal(stderr, "");
  }
});
