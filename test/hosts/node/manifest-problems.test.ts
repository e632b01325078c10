/**
 * readManifest: every problem of a bad manifest, word for word. `@` stands for the folder.
 */
import { join, relative } from "node:path";
import test from "tape";
import { ManifestError } from "../../../hosts/node/manifest/problems.js";
import { readManifest } from "../../../hosts/node/manifest/read.js";
import { problemsIn, withoutPlace } from "./manifest-problems.js";
import { type Files, folderOf } from "./temp-folder.js";

function problemsOf(t: test.Test, files: Files): readonly string[] {
  return problemsIn(t, files).map(withoutPlace);
}

const TASKS = { a: { module: "main" } };
const CONFIG = { reattach: { tasks: TASKS } };
/** A good manifest. */
const GOOD = { modules: { "*": ["./main", "./lib/sensor"] }, config: CONFIG };

/** Manifests, and files beside them. */
const BAD_FILES: [title: string, manifest: unknown, problems: string[], files?: Files][] = [
  ["nothing", GOOD, []],
  [
    "a slip in the JSON",
    '{\n  "modules": {,}\n}',
    ['@/manifest.json:2:15: found ",": value expected'],
  ],
  ["an unquoted value", '{"a": b}', ['@/manifest.json:1:7: found "b": invalid symbol']],
  ["a list", "[]", ["@/manifest.json: found no JSON object"]],
  [
    "a slip in an included file",
    { ...GOOD, include: "./lib/more.json" },
    ["@/lib/more.json:1:3: found the end of the file: close brace expected"],
    { "lib/more.json": "{ " },
  ],
  [
    "missing includes, all of them",
    { ...GOOD, include: ["./no.json", "./lib/more.json"] },
    [
      '@/manifest.json: include: found "./no.json", but there is no file @/no.json',
      '@/lib/more.json: include: found "../gone.json", but there is no file @/gone.json',
    ],
    { "lib/more.json": { include: "../gone.json" } },
  ],
  [
    "an include that is no path",
    { ...GOOD, include: [7, { branch: "x" }] },
    [
      "@/manifest.json: include: found 7, allowed is a path or a list of paths",
      '@/manifest.json: include: found {"branch":"x"}, allowed is a path or a list of paths',
    ],
  ],
  [
    "a variable that nobody set",
    { ...GOOD, include: "$(REATTACH_TEST_NOWHERE)/x.json" },
    [
      '@/manifest.json: include: found "$(REATTACH_TEST_NOWHERE)/x.json", but ' +
        '$(REATTACH_TEST_NOWHERE) is set neither in "build" nor in the environment',
    ],
  ],
  [
    "sections that are no objects",
    { ...GOOD, platforms: [], creation: 7 },
    [
      "@/manifest.json: platforms: found [], allowed is an object",
      "@/manifest.json: creation: found 7, allowed is an object",
    ],
  ],
  [
    "a platform that is no object",
    { ...GOOD, platforms: { node: "x" } },
    ['@/manifest.json: platforms["node"]: found "x", allowed is an object'],
  ],
  [
    "a manifest for other platforms",
    { ...GOOD, platforms: { esp32: {}, "...": { error: "esp32 only" } } },
    ['@/manifest.json: platforms["..."].error: "esp32 only"; for node, add an entry "node"'],
  ],
  [
    "paths that lead nowhere",
    {
      ...GOOD,
      modules: { "*": ["./main", "./mian", "./lib", "./none/a", "./lib/x-*"], b: "b", c: 7 },
    },
    [
      '@/manifest.json: modules["b"]: found "b", allowed is a path with a slash, "./main"',
      '@/manifest.json: modules["c"]: found 7, allowed is a path with a slash, "./main"',
      '@/manifest.json: modules["*"]: found "./mian", but no file in @ matches',
      '@/manifest.json: modules["*"]: found "./lib", but no file in @ matches, a folder: add "/*"',
      '@/manifest.json: modules["*"]: found "./none/a", but there is no folder @/none',
      '@/manifest.json: modules["*"]: found "./lib/x-*", but no file in @/lib matches',
    ],
  ],
  [
    "modules of the platform",
    { ...GOOD, platforms: { node: { modules: { driver: "./fake" } } } },
    [
      '@/manifest.json: platforms["node"].modules["driver"]: found "./fake", ' +
        "but no file in @ matches",
    ],
  ],
  [
    "modules that are no object",
    { ...GOOD, modules: "./main" },
    [
      '@/manifest.json: modules: found "./main", allowed is an object',
      'config.reattach.tasks.a.module: found "main", allowed is none',
    ],
  ],
];

test("readManifest: finds what is wrong with files, includes and modules", (t) => {
  for (const [title, manifest, problems, files] of BAD_FILES) {
    t.deepEqual(problemsOf(t, { "manifest.json": manifest, ...files }), problems, title);
  }
  t.end();
});

const NAMES = 'allowed are 1 to 31 of a-z, 0-9, "_" and "-"';

/** Values of `config.reattach`. */
const TASK_KEYS =
  "allowed are module, priority, heartbeat_ms, heartbeatLow, heartbeatHigh, answer_ms, load_ms, " +
  "dependsOn, services, standby, essential, args, creation, restart, abilities, stableBytes";

const BAD_CONFIGS: [title: string, reattach: unknown, problems: string[]][] = [
  [
    "missing",
    undefined,
    ['config.reattach: found nothing, allowed is an object with "tasks" and "limits"'],
  ],
  [
    "no object",
    [1],
    ['config.reattach: found [1], allowed is an object with "tasks" and "limits"'],
  ],
  [
    "no tasks, and a slip",
    { task: TASKS },
    [
      "config.reattach.task: no such key, allowed are limits, tasks, board, net " +
        '(did you mean "tasks"?)',
      "config.reattach.tasks: found nothing, allowed is an object with at least one task",
    ],
  ],
  [
    "empty tasks",
    { tasks: {} },
    ["config.reattach.tasks: found {}, allowed is an object with at least one task"],
  ],
  [
    "limits",
    { limits: { tasks: 0, pulse: 3 }, tasks: TASKS },
    [
      "config.reattach.limits.tasks: found 0, allowed is a whole number from 1 to 511",
      "config.reattach.limits.pulse: no such key, allowed are tasks, channels, connections, " +
        "names, messageBytes, pulses, trace, stableBytes, sharedBuffers, sharedBytes, " +
        "messageTrace " +
        '(did you mean "pulses"?)',
    ],
  ],
  [
    "more tasks than limits.tasks",
    { limits: { tasks: 1 }, tasks: { ...TASKS, b: { module: "main" } } },
    ["config.reattach.tasks: found 2 tasks, allowed are 1, by config.reattach.limits.tasks"],
  ],
  [
    "names",
    {
      tasks: {
        main: { module: "main" },
        A: { module: "main" },
        ["x".repeat(32)]: { module: "main" },
      },
    },
    [
      'config.reattach.tasks.main: found the name "main", which is reserved for the main VM',
      `config.reattach.tasks.A: found the name "A", ${NAMES}`,
      `config.reattach.tasks.${"x".repeat(32)}: found the name "${"x".repeat(32)}", ${NAMES}`,
    ],
  ],
  [
    "a task that is no object",
    { tasks: { a: "main" } },
    ['config.reattach.tasks.a: found "main", allowed is an object with a "module"'],
  ],
  [
    "modules",
    { tasks: { a: { module: "sensr" }, b: { module: 7 }, c: {} } },
    [
      'config.reattach.tasks.a.module: found "sensr", allowed are main, sensor ' +
        '(did you mean "sensor"?)',
      "config.reattach.tasks.b.module: found 7, allowed are main, sensor",
      "config.reattach.tasks.c.module: found nothing, allowed are main, sensor",
    ],
  ],
  [
    "keys",
    { tasks: { a: { module: "main", prioritiy: 3, heartbeat: 100 } } },
    [
      `config.reattach.tasks.a.prioritiy: no such key, ${TASK_KEYS} (did you mean "priority"?)`,
      `config.reattach.tasks.a.heartbeat: no such key, ${TASK_KEYS}`,
    ],
  ],
  ...[0, 64, 1.5, "9"].map((priority): [string, unknown, string[]] => [
    `priority ${JSON.stringify(priority)}`,
    { tasks: { a: { module: "main", priority } } },
    [
      `config.reattach.tasks.a.priority: found ${JSON.stringify(priority)}, ` +
        "allowed is a whole number from 1 to 63",
    ],
  ]),
  ...[-1, 99, 1e10, "1s"].map((heartbeat_ms): [string, unknown, string[]] => [
    `heartbeat_ms ${JSON.stringify(heartbeat_ms)}`,
    { tasks: { a: { module: "main", heartbeat_ms } } },
    [
      `config.reattach.tasks.a.heartbeat_ms: found ${JSON.stringify(heartbeat_ms)}, allowed is ` +
        "0 for none or a whole number from 100 to 2147483647",
    ],
  ]),
  ...[-1, 49, "1s"].map((answer_ms): [string, unknown, string[]] => [
    `answer_ms ${JSON.stringify(answer_ms)}`,
    { tasks: { a: { module: "main", answer_ms } } },
    [
      `config.reattach.tasks.a.answer_ms: found ${JSON.stringify(answer_ms)}, allowed is ` +
        "0 for no limit or a whole number from 50 to 2147483647",
    ],
  ]),
  ...["brake", true].map((deadlock): [string, unknown, string[]] => [
    `deadlock ${JSON.stringify(deadlock)}`,
    { tasks: { a: { module: "main" } }, board: { deadlock } },
    [
      `config.reattach.board.deadlock: found ${JSON.stringify(deadlock)}, ` +
        `allowed are report, break${deadlock === "brake" ? ' (did you mean "break"?)' : ""}`,
    ],
  ]),
  [
    "creation",
    {
      tasks: {
        a: {
          module: "main",
          creation: { static: -1, chunk: { inital: 4 }, heap: [], stack: "64", core: 2, size: 3 },
        },
        b: { module: "main", creation: 7 },
      },
    },
    [
      "config.reattach.tasks.a.creation.static: found -1, " +
        "allowed is a whole number from 0 to 33554432",
      "config.reattach.tasks.a.creation.chunk.inital: no such key, allowed are initial, " +
        'incremental (did you mean "initial"?)',
      "config.reattach.tasks.a.creation.heap: found [], " +
        "allowed is an object with initial, incremental",
      'config.reattach.tasks.a.creation.stack: found "64", ' +
        "allowed is a whole number from 512 to 65536",
      "config.reattach.tasks.a.creation.core: found 2, allowed is a whole number from 0 to 1",
      "config.reattach.tasks.a.creation.size: no such key, allowed are static, chunk, heap, " +
        "stack, keys, nativeStack, priority, core",
      "config.reattach.tasks.b.creation: found 7, allowed is an object",
    ],
  ],
  [
    "creations that a board cannot make",
    {
      tasks: {
        a: { module: "main", creation: { static: 1_000 } },
        b: { module: "main", creation: { stack: 511, nativeStack: 4_095 } },
        c: { module: "main", creation: { static: 0, chunk: 65_536, nativeStack: 0 } },
        d: { module: "main", creation: { static: 20_992 } },
      },
    },
    [
      "config.reattach.tasks.a.creation.static: found 1000, allowed is 0 for no limit, or at " +
        "least 20992: chunk.initial, 16 bytes for each slot of heap.initial and stack, 1024 for " +
        "tables",
      "config.reattach.tasks.b.creation.stack: found 511, " +
        "allowed is a whole number from 512 to 65536",
      "config.reattach.tasks.b.creation.nativeStack: found 4095, allowed is 0 for Moddable's " +
        "choice or a whole number from 4096 to 33554432",
    ],
  ],
  [
    "heartbeat marks",
    {
      tasks: {
        a: { module: "main", heartbeat_ms: 100, heartbeatLow: 4, heartbeatHigh: 3 },
        b: { module: "main", heartbeat_ms: 100, heartbeatHigh: 0 },
      },
    },
    [
      "config.reattach.tasks.a.heartbeatLow: found 4, allowed is at most 3, " +
        "which is heartbeatHigh",
      "config.reattach.tasks.b.heartbeatHigh: found 0, " +
        "allowed is a whole number from 1 to 1000",
    ],
  ],
  [
    "restart",
    {
      tasks: {
        a: { module: "main", restart: true },
        b: { module: "main", restart: { when: "ever", jitter: 2, intensity: -1, backof_ms: 1 } },
        c: { module: "main", restart: { escalate: ["reboot"] } },
        d: { module: "main", restart: { escalate: ["hold", "rest_for_one"] } },
        e: { module: "main", restart: { backoff_ms: 100, backoffMax_ms: 99 } },
      },
    },
    [
      "config.reattach.tasks.a.restart: found true, allowed is an object",
      'config.reattach.tasks.b.restart.when: found "ever", allowed are crash, always, never ' +
        '(did you mean "never"?)',
      "config.reattach.tasks.b.restart.jitter: found 2, allowed is a number from 0 to 1",
      "config.reattach.tasks.b.restart.intensity: found -1, " +
        "allowed is a whole number from 0 to 100",
      "config.reattach.tasks.b.restart.backof_ms: no such key, allowed are when, minRun_ms, " +
        "backoff_ms, backoffMax_ms, jitter, settled_ms, intensity, period_ms, escalate " +
        '(did you mean "backoff_ms"?)',
      'config.reattach.tasks.c.restart.escalate: found "reboot", ' +
        "allowed are rest_for_one, one_for_all, board, hold",
      'config.reattach.tasks.d.restart.escalate: found steps after "hold", which is the end: ' +
        "it must be the last",
      "config.reattach.tasks.e.restart.backoffMax_ms: found 99, allowed is 100 or more, " +
        "which is backoff_ms",
    ],
  ],
  [
    "dependencies",
    {
      tasks: {
        a: { module: "main", dependsOn: ["b"] },
        b: { module: "main", dependsOn: ["c"] },
        c: { module: "main", dependsOn: ["a", "sensr"], standby: 1, essential: 0 },
        sensor: { module: "main", services: "sensor" },
      },
    },
    [
      "config.reattach.tasks.c.standby: found 1, allowed is true or false",
      "config.reattach.tasks.c.essential: found 0, allowed is true or false",
      'config.reattach.tasks.sensor.services: found "sensor", allowed is a list of names',
      'config.reattach.tasks.c.dependsOn: found "sensr", allowed are a, b, c, sensor ' +
        '(did you mean "sensor"?)',
      "config.reattach.tasks.a.dependsOn: found a cycle, a > b > c > a: " +
        "one would wait for itself",
    ],
  ],
  [
    "board",
    { tasks: { a: { module: "main" } }, board: { guardian: 5, rebootsMax: -1 } },
    [
      "config.reattach.board.guardian: no such key, " +
        "allowed are guardian_ms, rebootsMax, stop_ms, settled_ms, deadlock",
      "config.reattach.board.rebootsMax: found -1, allowed is a whole number from 0 to 1000",
    ],
  ],
];

test("readManifest: finds what is wrong with config.reattach", (t) => {
  for (const [title, reattach, problems] of BAD_CONFIGS) {
    const manifest = { ...GOOD, config: { reattach } };
    t.deepEqual(problemsOf(t, { "manifest.json": manifest }), problems, title);
  }
  t.end();
});

test("ManifestError: its message names the file and has one line a problem", (t) => {
  const folder = folderOf(t, { "manifest.json": { include: ["./a.json", "./b.json"] } });
  const file = relative(process.cwd(), join(folder, "manifest.json"));
  try {
    readManifest(folder);
    t.fail("it is bad");
  } catch (error) {
    t.ok(error instanceof ManifestError);
    t.equal((error as ManifestError).name, "ManifestError");
    const [first, ...rest] = (error as ManifestError).message.split("\n");
    t.equal(first, `${file}: 3 problems`);
    t.deepEqual(
      rest,
      (error as ManifestError).problems.map((problem) => `  ${problem}`),
    );
  }
  t.end();
});
