/**
 * The build: one output folder for each kind of host, from the same sources.
 *
 * On Node.js modules are kept apart (preserveModules), so that stacks speak of our files. On a
 * device all is one module: see hosts/moddable/device.ts. Types are checked and declared by
 * `tsc -b`, so nothing is checked here a second time.
 */
import { chmodSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import terser from "@rollup/plugin-terser";
import typescript from "@rollup/plugin-typescript";
import { arrowFunctions } from "./hosts/moddable/build/arrow-functions.mjs";
import { hotCode } from "./hosts/moddable/build/hot-code.mjs";
import { HOT, HOT_IN_HAM, HOT_IN_SERVICE } from "./hosts/moddable/build/hot-functions.mjs";
import { privateNames } from "./hosts/moddable/build/private-names.mjs";
import { noTrace, tracing } from "./hosts/moddable/build/trace-points.mjs";
import { pageFiles } from "./hosts/node/page/build/page-files.mjs";

/** Deletes what an earlier build left: a source that is gone must not live on in the package. */
function removeLeftovers(dir, except = []) {
  return {
    name: "remove-leftovers",
    writeBundle(_options, bundle) {
      const written = new Set(Object.keys(bundle).map((file) => resolve(dir, file)));
      for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
        const file = resolve(join(entry.parentPath, entry.name));
        if (!entry.isFile() || written.has(file)) continue;
        if (!except.some((each) => file.startsWith(resolve(dir, each)))) rmSync(file);
      }
    },
  };
}

/** npm makes the command executable when it installs the package, and a build makes it anew. */
function executable(dir, file) {
  return { name: "executable", writeBundle: () => chmodSync(join(dir, file), 0o755) };
}

/**
 * A bare import that nobody declared would only fail on the user's machine, or on the board. Files
 * of one folder may import each other (test/package/tidy/imports.ts).
 */
function failOnWarnings(level, log, report) {
  const isOneFolder = new Set(log.ids?.map((id) => dirname(id))).size === 1;
  if (log.code === "CIRCULAR_DEPENDENCY" && isOneFolder) return;
  report(level === "warn" ? "error" : level, log);
}

/**
 * Comments stand in the sources and, as far as users need them, in the declarations. There are no
 * source maps: the package does not hold the sources, and what is built is nearly what was written.
 */
const typescriptOnce = once(typescript({ tsconfig: ".tsconfig.build.json", removeComments: true }));

/**
 * @rollup/plugin-typescript makes a program whenever a build begins, and that transpiles all files
 * of its tsconfig. Of all builds that share this plugin only the first does; they differ in what
 * other plugins do with the result.
 */
function once(plugin) {
  let isBegun = false;
  let isEnded = false;
  return {
    ...plugin,
    buildStart(options) {
      if (!isBegun) plugin.buildStart.call(this, options);
      isBegun = true;
    },
    buildEnd(error) {
      if (!isEnded) plugin.buildEnd.call(this, error);
      isEnded = true;
    },
  };
}

const node = {
  input: [
    "src/index.ts",
    "src/ham/index.ts",
    "src/service/index.ts",
    ...[
      "index",
      "test-kit/index",
      "cli/main",
      "fleet/crowd",
      "system/guardian-thread",
      "hardware/thread",
      "types/thread",
      "simulate/jobs/process",
    ].map((name) => `hosts/node/${name}.ts`),
  ],
  external: [/^node:/, "aedes", "esbuild", "jsonc-parser", "mqtt", "prom-client"],
  plugins: [
    typescriptOnce,
    noTrace(),
    removeLeftovers("dist/node", ["task", "traced", "lockstep"]),
    executable("dist/node", "hosts/node/cli/main.js"),
  ],
  output: {
    dir: "dist/node",
    format: "es",
    entryFileNames: "[name].js",
    preserveModules: true,
    preserveModulesRoot: ".",
  },
  onLog: failOnWarnings,
};

/** What programs import as "embedded:io/i2c" and the like: hosts/node/hardware/names.ts. */
function hardwareModules() {
  const folder = "hosts/node/hardware/modules";
  const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, ""));
  return Object.fromEntries(names.map((name) => [`hardware/${name}`, `${folder}/${name}.ts`]));
}

/**
 * Puts the numbers of layout.ts where their names stand and drops what nobody calls. Names of
 * functions and lines stay: this is what xsbug shows, and what a stack speaks of. In Node.js it
 * halves what each thread of a task has to read, and V8 puts more of the kernel where it is called.
 */
const COMPACT = {
  // A function that is put where it is called becomes a closure: no allocation stays hidden there.
  compress: { passes: 3, sequences: false, inline: false, reduce_funcs: false },
  mangle: false,
  format: { beautify: true, comments: false },
};
const compact = terser({ module: true, ...COMPACT });

/** Puts one text of a module in the place of another. */
function replacing(end, own, other) {
  return {
    name: "replacing",
    transform: (code, id) => {
      if (!id.endsWith(end)) return null;
      if (!code.includes(own)) throw new Error(`${id}: found no ${own}`);
      return { code: code.replace(own, other), map: null };
    },
  };
}

/** Where messages are traced, and in simulations, sleeps can be made to miss their wake-up. */
const losesWakeUps = replacing(
  "/src/kernel/task/doorbell.ts",
  "const wait = Atomics.wait;",
  `import { wait } from ${JSON.stringify(resolve("hosts/node/host/lost-wake-ups.ts"))};`,
);

/**
 * What a task's thread loads, in as few files as can be: sixty take longer than the thread itself,
 * and it is started again and again. `trace` is what becomes of the trace points; `more` are more
 * plugins.
 */
const task = (dir, trace, ...more) => ({
  input: {
    worker: "hosts/node/host/worker.ts",
    reattach: "src/index.ts",
    "reattach/ham": "src/ham/index.ts",
    "reattach/service": "src/service/index.ts",
    definitions: "hosts/node/definitions/thread.ts",
    ...hardwareModules(),
  },
  external: [/^node:/],
  plugins: [trace, typescriptOnce, ...more, compact, removeLeftovers(dir)],
  output: {
    dir,
    format: "es",
    chunkFileNames: "runtime.js",
    manualChunks: (id) => (/\/src\/|\/hardware\/(task|wire)\//.test(id) ? "runtime" : undefined),
  },
  onLog: failOnWarnings,
});

/**
 * In the kernel of a simulation `Atomics` is the baton's: each operation is a point at which
 * another thread may have its turn. `file` has what stands for it.
 */
function lockstep(file) {
  const line = `import * as Atomics from ${JSON.stringify(resolve(file))};\n`;
  return {
    name: "lockstep",
    transform: (code, id) =>
      /\bAtomics\.[a-z]/.test(code) && !id.includes("/hosts/node/simulate/")
        ? { code: line + code, map: null }
        : null,
  };
}

/**
 * What a simulation loads: its main VM and its threads, and what a task has of this package as one
 * script, which runs in a context of V8 for each life.
 */
const simulation = {
  input: {
    simulation: "hosts/node/simulate/main/simulation.ts",
    thread: "hosts/node/simulate/life/thread.ts",
  },
  // What is wrong with an application is one class for all who say so.
  external: [/^node:/, /\/input-error\.js$/],
  plugins: [
    noTrace(),
    lockstep("hosts/node/simulate/baton/atomics.ts"),
    typescriptOnce,
    removeLeftovers("dist/node/lockstep", ["context"]),
  ],
  output: {
    dir: "dist/node/lockstep",
    format: "es",
    chunkFileNames: "[name].js",
    paths: (id) => (id.includes("input-error") ? "../hosts/node/input-error.js" : id),
  },
  onLog: failOnWarnings,
};

/**
 * A script for a context of V8 has globals as variables of its own: whoever reads a global of such
 * a context asks Node.js for it, each time. These are what the language has, the four of
 * src/arena/vm.ts, and the two of a trace.
 */
const GLOBALS = `let $words, $own, $me, $vm, $ring, $clock;
const { Array, ArrayBuffer, DataView, Error, Int32Array, JSON, Map, Math, Number, Object, Promise,
  RangeError, Reflect, Set, SharedArrayBuffer, String, TypeError, Uint8Array } = globalThis;`;
const ownGlobals = {
  name: "own-globals",
  transform: (code, id) =>
    /\/src\/(arena\/vm|kernel\/trace\/record(er)?)\.ts$/.test(id)
      ? { code: code.replaceAll("globalThis.$", "$"), map: null }
      : null,
};

const POINTS_OF_LIVES = resolve("hosts/node/simulate/life/points.ts");

/** A record of a trace is written without scheduling points. */
const plainRecords = replacing(
  "/src/kernel/trace/record.ts",
  '"../../arena/atomic.js"',
  JSON.stringify(resolve("hosts/node/simulate/life/plain.ts")),
);

/** A script for contexts: its variable is what it exports. `trace` and `more` as for task(). */
const inContext = (name, trace, ...more) => ({
  input: `hosts/node/simulate/life/${name}.ts`,
  plugins: [
    trace,
    lockstep("hosts/node/simulate/baton/in-context.ts"),
    typescriptOnce,
    ownGlobals,
    ...more,
    terser(COMPACT),
  ],
  output: {
    file: `dist/node/lockstep/context/${name}.js`,
    format: "iife",
    name: "$runtime",
    intro: GLOBALS,
  },
  onLog: failOnWarnings,
});

/** Modules of Moddable's SDK and, last, of hosts/moddable, which its own tools build. */
const MESSAGES = "reattach/moddable/messages";
/** In its place where messages are traced. */
const TRACED_MESSAGES = "reattach/trace/messages";
const NATIVE = [MESSAGES, "reattach/moddable/native", "reattach/mod/partition", TRACED_MESSAGES];
const SDK = ["mc/config", "preference", "time", "timer", "worker", ...NATIVE];
const DEVICE = resolve("hosts/moddable/device.ts");
/** In its place where messages are traced, and what leads to what it has more. */
const TRACED_DEVICE = resolve("hosts/moddable/tracing-device.ts");
const TRACING = resolve("hosts/moddable/tracing.ts");
/** Modules of their own, for boards that want them; each has its doors to the rest. */
const HAM = resolve("hosts/moddable/ham.ts");
const SERVICE = resolve("hosts/moddable/service.ts");
const MOD = resolve("hosts/moddable/mod.ts");
const NET = resolve("hosts/moddable/net.ts");
const DOORS = new Map([
  [HAM, [resolve("src/manager/for-extensions.ts")]],
  [SERVICE, [resolve("src/index.ts"), resolve("hosts/moddable/application.ts")]],
  [MOD, [resolve("hosts/moddable/application.ts")]],
  [NET, [resolve("hosts/moddable/application.ts")]],
  [TRACED_DEVICE, []],
  [TRACING, [TRACED_DEVICE]],
]);
const HOT_IN = new Map([
  [DEVICE, HOT],
  [TRACED_DEVICE, HOT],
  [HAM, HOT_IN_HAM],
  [SERVICE, HOT_IN_SERVICE],
]);

/** Names of functions and properties stay, for a stack; those of locals are 5 KB of flash. */
const shortenLocals = terser({
  compress: false,
  mangle: { module: false, toplevel: false },
  format: { beautify: true, comments: false },
});

/**
 * mcconfig checks a program written in TypeScript, and looks for the types of a module beside its
 * file: they are those that `tsc -b` has written for everybody.
 */
function declareAs(types) {
  return {
    name: "declare",
    generateBundle(_options, bundle) {
      const [fileName] = Object.keys(bundle).map((file) => file.replace(/\.js$/, ".d.ts"));
      if (types === undefined) return;
      this.emitFile({ type: "asset", fileName, source: `export * from "${types}";\n` });
    },
  };
}

/** What a device has in C, or knows when it is linked, stands in hosts/moddable by its name. */
const standIns = {
  name: "stand-ins",
  resolveId(id, importer = "") {
    const [, name] = /\/(common-case|declared)\.js$/.exec(id) ?? [];
    if (name === undefined || importer.includes("/hosts/moddable/")) return null;
    return resolve(`hosts/moddable/${name}.ts`);
  },
};

/** A record is written in C. */
const recordInC = {
  name: "record-in-c",
  resolveId(id, importer = "") {
    const isPoints = id === "./record.js" && importer.endsWith("/kernel/trace/recorder.ts");
    return isPoints ? resolve("hosts/moddable/trace/record.ts") : null;
  },
};

/**
 * One module of the device, by its name on XS. The first has everything, and the others lead to
 * it; but those of HAM and of services are their own, and take from the first what stands at their
 * door.
 */
function device(name, file, types) {
  const input = resolve("hosts/moddable", file);
  const doors = DOORS.get(input) ?? [DEVICE];
  const isElsewhere = (id) => doors.includes(id) && input !== DEVICE;
  const isTraced = input === TRACED_DEVICE;
  return {
    input,
    external: (id) => SDK.includes(id) || isElsewhere(id),
    makeAbsoluteExternalsRelative: false,
    plugins: [
      ...(isTraced ? [recordInC, tracing(resolve("hosts/moddable/trace/points.ts"))] : [noTrace()]),
      standIns,
      typescriptOnce,
      compact,
      arrowFunctions(),
      // After terser, which would put constants back.
      hotCode(HOT_IN.get(input)),
      privateNames(),
      shortenLocals,
      declareAs(types),
    ],
    output: {
      file: `dist/moddable/${name}.js`,
      format: "es",
      paths: (id) => {
        if (isTraced && id === MESSAGES) return TRACED_MESSAGES;
        return SDK.includes(id) ? id : "reattach";
      },
    },
    onLog: failOnWarnings,
  };
}

/** The page of `reattach dev`: its server serves the three files of it, and nothing else. */
const page = {
  input: "hosts/node/page/main.tsx",
  plugins: [
    nodeResolve({ browser: true }),
    typescript({ tsconfig: "hosts/node/page/.tsconfig.build.json", removeComments: true }),
    terser({ module: true, compress: { passes: 2 } }),
    pageFiles("hosts/node/page"),
    removeLeftovers("dist/page"),
  ],
  output: { file: "dist/page/page.js", format: "es" },
  onLog: failOnWarnings,
};

export default [
  node,
  task("dist/node/task", noTrace()),
  task("dist/node/traced", tracing(resolve("hosts/node/trace/points.ts")), losesWakeUps),
  simulation,
  inContext("runtime", tracing(POINTS_OF_LIVES), losesWakeUps, plainRecords),
  inContext("board-runtime", noTrace()),
  page,
  device("reattach", "device.ts", "../types/src/index.js"),
  device("reattach/ham", "ham.ts", "../../types/src/ham/index.js"),
  device("reattach/service", "service.ts", "../../types/src/service/index.js"),
  device("reattach/mod", "mod.ts", "../../types/hosts/moddable/mod.js"),
  device("reattach/net", "net.ts", "../../types/hosts/moddable/net.js"),
  device("reattach/moddable", "index.ts", "../../types/hosts/moddable/index.js"),
  device("reattach/moddable/worker", "worker.ts"),
  device("traced/reattach", "tracing-device.ts", "../../types/src/index.js"),
  device("traced/trace", "tracing.ts", "../../types/hosts/moddable/tracing.js"),
];
