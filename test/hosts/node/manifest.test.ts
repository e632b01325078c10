/**
 * readManifest: what a good manifest becomes, by the rules that mcconfig applies to the same file.
 * What a bad one is told is in manifest-problems.test.ts.
 */
import { join, relative } from "node:path";
import test from "tape";
import { DEFAULT_ABILITIES } from "../../../src/manager/abilities.js";
import { DEFAULT_BOARD, DEFAULT_POLICY } from "../../../src/manager/supervise/policy.js";
import { DEFAULT_LIMITS } from "../../../src/arena/limits.js";
import { readManifest } from "../../../hosts/node/manifest/read.js";
import { type Files, folderOf } from "./temp-folder.js";

/** The least that an application must say, with a module "main". */
const CONFIG = { reattach: { tasks: { main_task: { module: "main" } } } };

/** Modules of `manifest.json` among `files`, with paths relative to the folder. */
function modulesOf(t: test.Test, files: Files): Record<string, string> {
  const folder = folderOf(t, { "main.ts": "", ...files });
  const { modules } = readManifest(join(folder, "manifest.json"));
  return Object.fromEntries(
    [...modules].map(([specifier, file]) => [specifier, relative(folder, file)]),
  );
}

/** `modules` of a manifest beside main.ts and these files, and what they become. */
const MODULES: [title: string, modules: object, files: string[], expected: object][] = [
  ["a path without its extension", { "*": "./main" }, [], { main: "main.ts" }],
  ["a path with it", { "*": "./main.ts" }, [], { main: "main.ts" }],
  [
    "a list, in every language",
    { "*": ["./main", "./b", "./lib/c"] },
    ["b.js", "lib/c.mjs"],
    { main: "main.ts", b: "b.js", c: "lib/c.mjs" },
  ],
  [
    "a star takes one folder, without hidden files, declarations and native code",
    { "*": ["./main", "./lib/*"] },
    [
      "lib/a.ts",
      "lib/b.js",
      "lib/.c.js",
      "lib/d.d.ts",
      "lib/e.c",
      "lib/f.json",
      "lib/deep.ts/g.js",
    ],
    { main: "main.ts", a: "lib/a.ts", b: "lib/b.js" },
  ],
  [
    "a star after a prefix leaves the prefix out",
    { "*": ["./main", "./lib/sensor-*"] },
    ["lib/sensor-a.ts", "lib/motor-b.ts"],
    { main: "main.ts", a: "lib/sensor-a.ts" },
  ],
  [
    "a name of its own",
    { "*": "./main", "drivers/clock": "./lib/clock-v2" },
    ["lib/clock-v2.ts"],
    { main: "main.ts", "drivers/clock": "lib/clock-v2.ts" },
  ],
  [
    "a name with dots",
    { "*": ["./main", "./lib/a.b"] },
    ["lib/a.b.js"],
    { main: "main.ts", "a.b": "lib/a.b.js" },
  ],
  [
    "a folder of names",
    { "*": "./main", "drivers/*": "./lib/*" },
    ["lib/a.ts", "lib/b.ts"],
    { main: "main.ts", "drivers/a": "lib/a.ts", "drivers/b": "lib/b.ts" },
  ],
  [
    "exclusions hold for every key",
    { "*": ["./main", "./lib/*"], "~": ["./lib/b", "./lib/test-*"], b: "./lib/b" },
    ["lib/a.ts", "lib/b.ts", "lib/test-c.ts"],
    { main: "main.ts", a: "lib/a.ts" },
  ],
  [
    "a file is one module, by the first name",
    { "*": "./main", first: "./lib/a", second: "./lib/a" },
    ["lib/a.ts"],
    { main: "main.ts", first: "lib/a.ts" },
  ],
  [
    "a module is one file, the first",
    { "*": ["./main", "./one/a", "./two/a"] },
    ["one/a.ts", "two/a.ts"],
    { main: "main.ts", a: "one/a.ts" },
  ],
  [
    "TypeScript goes before what was compiled from it",
    { "*": ["./main", "./lib/*"] },
    ["lib/a.js", "lib/a.ts"],
    { main: "main.ts", a: "lib/a.ts" },
  ],
  [
    "the SDK's and native modules are the device's",
    { "*": ["./main", "$(MODULES)/base/timer/*", "./native"], "pins/*": "$(MODDABLE)/x/*" },
    ["native.c", "native.h"],
    { main: "main.ts" },
  ],
];

test("readManifest: modules are found as mcconfig finds them", (t) => {
  for (const [title, modules, paths, expected] of MODULES) {
    const files = Object.fromEntries(paths.map((path) => [path, ""]));
    t.deepEqual(
      modulesOf(t, { "manifest.json": { modules, config: CONFIG }, ...files }),
      expected,
      title,
    );
  }
  t.end();
});

test("readManifest: includes come first, each with paths of its own, each once", (t) => {
  const folder = folderOf(t, {
    "app/manifest.json": {
      include: ["$(MODDABLE)/examples/manifest_base.json", "../lib/manifest.json"],
      modules: { "*": "./main", ring: "./ring" },
      config: { ...CONFIG, wifi: { ssid: "app" }, list: [9] },
      creation: { static: 4_096 },
    },
    "app/main.ts": "",
    "app/ring.ts": "",
    "lib/manifest.json": {
      include: "./more.json",
      modules: { "*": "./ring" },
      config: {
        wifi: { ssid: "lib", channel: 7 },
        list: [1, 2],
        reattach: { limits: { tasks: 3 } },
      },
      creation: { static: 1_024, stack: 64 },
    },
    "lib/ring.ts": "",
    "lib/more.json": {
      include: ["./manifest.json", "../app/manifest.json"],
      config: { deep: true },
    },
  });
  const app = readManifest(join(folder, "app"));
  t.equal(app.file, join(folder, "app/manifest.json"), "a folder stands for its manifest.json");
  t.equal(app.dir, join(folder, "app"));
  t.deepEqual(
    app.config,
    {
      deep: true,
      wifi: { ssid: "app", channel: 7 },
      list: [9, 2],
      reattach: { limits: { tasks: 3 }, ...CONFIG.reattach },
    },
    "config is merged in depth, lists place by place",
  );
  t.deepEqual(app.creation, { static: 4_096, stack: 64 });
  t.equal(app.modules.get("ring"), join(folder, "lib/ring.ts"), "an included module goes first");
  t.equal(app.limits.tasks, 3, "limits may be included");
  t.end();
});

test("readManifest: the manifest of this package is skipped, wherever the copy is", (t) => {
  const modules = modulesOf(t, {
    "manifest.json": {
      include: "./node_modules/reattach/manifest.json",
      modules: { "*": "./main" },
      config: CONFIG,
    },
    "node_modules/reattach/package.json": { name: "reattach" },
    "node_modules/reattach/manifest.json": { modules: { reattach: "./dist/missing" } },
  });
  t.deepEqual(modules, { main: "main.ts" });
  t.end();
});

test("readManifest: a git repository is left to mcconfig", (t) => {
  const modules = modulesOf(t, {
    "manifest.json": {
      include: [{ git: "https://example.com/driver.git" }],
      modules: { "*": "./main" },
      config: CONFIG,
    },
  });
  t.deepEqual(modules, { main: "main.ts" });
  t.end();
});

test("readManifest: variables come from build sections, then from the environment", (t) => {
  const before = { ...process.env };
  Object.assign(process.env, { REATTACH_TEST_DIR: "env", MODULES: "/installed/sdk" });
  t.teardown(() => {
    process.env = before;
  });
  const modules = modulesOf(t, {
    "manifest.json": {
      build: {
        HERE: "./",
        LIB: "$(HERE)/lib",
        TIMERS: "$(MODULES)/base/timer",
        "REATTACH_TEST_DIR ?=": "unused",
        "REATTACH_TEST_UNSET ?=": "default",
        DEVICE_ONLY: "$(REATTACH_TEST_NOWHERE)/x",
      },
      include: "$(LIB)/manifest.json",
      modules: {
        "*": [
          "./main",
          "$(LIB)/a",
          "./$(REATTACH_TEST_DIR)/b",
          "./$(REATTACH_TEST_UNSET)/c",
          "$(TIMERS)/*",
        ],
      },
      config: CONFIG,
    },
    "lib/manifest.json": { modules: { d: "$(LIB)/d" } },
    "lib/a.ts": "",
    "lib/d.ts": "",
    "env/b.ts": "",
    "default/c.ts": "",
  });
  t.deepEqual(modules, {
    d: "lib/d.ts",
    main: "main.ts",
    a: "lib/a.ts",
    b: "env/b.ts",
    c: "default/c.ts",
  });
  t.end();
});

test("readManifest: the platform's own entry counts, else the one for all others", (t) => {
  const platforms = {
    node: {
      modules: { driver: "./sim/driver" },
      config: { place: "node" },
      include: "./node.json",
    },
    "node/x": { config: { place: "sub" } },
    esp32: { config: { place: "esp32" }, modules: { "*": "./missing" } },
    "...": {
      modules: { other: "./sim/other", driver: "./sim/driver" },
      config: { place: "others" },
    },
  };
  const folder = folderOf(t, {
    "manifest.json": {
      modules: { "*": ["./main", "./driver"] },
      platforms,
      config: { ...CONFIG, place: "all" },
    },
    "main.ts": "",
    "driver.ts": "",
    "sim/driver.ts": "",
    "sim/other.ts": "",
    "node.json": { config: { included: true } },
  });
  const file = join(folder, "manifest.json");
  const node = readManifest(file);
  t.equal(node.modules.get("driver"), join(folder, "sim/driver.ts"), "a stand-in for a driver");
  t.deepEqual(node.config, { ...CONFIG, included: true, place: "node" });
  const other = readManifest(file, { platform: "pico" });
  t.equal(other.modules.get("driver"), join(folder, "driver.ts"), "what all share goes first");
  t.equal(other.modules.get("other"), join(folder, "sim/other.ts"));
  t.deepEqual(other.config, { ...CONFIG, place: "others" });
  t.end();
});

test("readManifest: a stand-in of the application goes before that of what it includes", (t) => {
  const modules = modulesOf(t, {
    "manifest.json": {
      include: "./lib/manifest.json",
      modules: { "*": "./main" },
      platforms: { node: { modules: { driver: "./fake" } } },
      config: CONFIG,
    },
    "fake.ts": "",
    "lib/manifest.json": {
      modules: { driver: "./real" },
      platforms: { node: { modules: { driver: "./fake" } } },
    },
    "lib/real.ts": "",
    "lib/fake.ts": "",
  });
  t.deepEqual(modules, { driver: "fake.ts", main: "main.ts" });
  t.end();
});

/** What a task has that its manifest does not speak of. */
const PLAIN = {
  heartbeat: null,
  answer_ms: 0,
  load_ms: 10_000,
  dependsOn: [],
  services: [],
  standby: false,
  essential: false,
};

test("readManifest: tasks in the order of their declaration, with defaults", (t) => {
  const creation = { static: 14_336, chunk: 1_536, heap: { initial: 64 }, stack: 620, core: 1 };
  const baseDir = folderOf(t, { "main.ts": "", "sensor.ts": "" });
  const app = readManifest(
    {
      modules: { "*": ["./main", "./sensor"] },
      config: {
        reattach: {
          limits: { tasks: 2, names: 0 },
          tasks: {
            "z-sensor_1": {
              module: "sensor",
              priority: 63,
              heartbeat_ms: 100,
              answer_ms: 250,
              args: [1, { a: null }],
              creation: {
                static: 14_336,
                chunk: 1_536,
                heap: { initial: 64 },
                stack: 620,
                core: 1,
              },
              restart: { backoff_ms: 0, escalate: ["hold"] },
              dependsOn: ["a"],
              services: ["weather"],
              standby: true,
            },
            a: { module: "main", heartbeat_ms: 0 },
          },
        },
      },
    },
    { baseDir },
  );
  t.deepEqual(app.limits, { ...DEFAULT_LIMITS, tasks: 2, names: 0 });
  t.deepEqual(app.tasks, [
    {
      name: "z-sensor_1",
      module: "sensor",
      file: join(baseDir, "sensor.ts"),
      priority: 63,
      heartbeat: { period_ms: 100, low: 1, high: 2 },
      answer_ms: 250,
      load_ms: 10_000,
      dependsOn: ["a"],
      services: ["weather"],
      standby: true,
      essential: false,
      restart: { ...DEFAULT_POLICY, backoff_ms: 0, escalate: ["hold"] },
      abilities: DEFAULT_ABILITIES,
      args: [1, { a: null }],
      creation: { ...creation, chunk: { initial: 1_536 } },
    },
    {
      name: "a",
      module: "main",
      file: join(baseDir, "main.ts"),
      priority: 10,
      ...PLAIN,
      restart: DEFAULT_POLICY,
      abilities: DEFAULT_ABILITIES,
    },
  ]);
  t.deepEqual(app.board, DEFAULT_BOARD);
  t.end();
});

test("readManifest: leaves the object it was given as it is", (t) => {
  const baseDir = folderOf(t, { "main.ts": "", "more.json": { config: { a: { b: 1 } } } });
  const manifest = {
    include: "./more.json",
    modules: { "*": "./main" },
    config: { ...CONFIG, b: { c: 2 } },
    platforms: { node: { config: { b: { d: 3 } } } },
  };
  const before = structuredClone(manifest);
  const { config } = readManifest(manifest, { baseDir });
  t.deepEqual(config["a"], { b: 1 });
  t.deepEqual(config["b"], { c: 2, d: 3 });
  t.deepEqual(manifest, before);
  t.end();
});
