/**
 * The package as others see it: npm and its users, Moddable's tools, and XS.
 *
 * Looks at what the build left in dist, so it runs after `npm run build` (npm test sees to that).
 * What Moddable's tools would do with the manifests is worked out here by their rules, since they
 * are not there to ask.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync, transformSync } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import test from "tape";
import ts from "typescript";

const root = join(import.meta.dirname, "../..");
const device = "dist/moddable";

/** All files below a folder, as paths from the root with slashes. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .sort();
}

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

function load(path: string): Promise<object> {
  return import(pathToFileURL(join(root, path)).href) as Promise<object>;
}

/** What a module imports, word by word. */
function specifiersIn(path: string): string[] {
  return ts.preProcessFile(read(path), true, true).importedFiles.map(({ fileName }) => fileName);
}

/** What a module exports. It cannot be loaded here when it imports modules of Moddable's SDK. */
function exportsOf(path: string): string[] {
  const result = buildSync({ entryPoints: [join(root, path)], write: false, metafile: true });
  return Object.values(result.metafile.outputs).flatMap((output) => output.exports);
}

const builtModules = filesBelow(device).filter((path) => path.endsWith(".js"));
const deviceModules = builtModules.filter((path) => !path.startsWith(`${device}/traced/`));
const TRACED_MESSAGES = "hosts/moddable/trace/reattach-traced-messages";
/** What trace/manifest.json has more, or in the place of others. */
const tracingModules = [
  ...builtModules.filter((path) => !deviceModules.includes(path)),
  `${TRACED_MESSAGES}.js`,
];
/** Not built: Moddable's compiler reads them, with the C beside them. */
const NATIVE = [
  "hosts/moddable/native",
  "hosts/moddable/native/reattach-messages",
  "hosts/moddable/mod/partition",
  "hosts/moddable/mod/simulated-worker",
];
/** Of the simulators, in the place of the module that workers start with. */
const SIMULATED_WORKER = "hosts/moddable/mod/simulated-worker.js";
const nativeModules = NATIVE.map((name) => `${name}.js`);
/** What the device build imports and Moddable's SDK has; the tools add "mc/config". */
const SDK_MODULES = ["mc/config", "preference", "time", "timer", "worker"];

test("package: publint finds nothing to say", async (t) => {
  const { messages, pkg } = await publint({ pkgDir: root, pack: "npm", strict: true });
  for (const message of messages) t.fail(formatMessage(message, pkg, { color: false }));
  t.equal(messages.length, 0);
});

test("package: its own names lead to the Node.js build, one instance of each module", async (t) => {
  t.equal(await import("reattach"), await load("dist/node/src/index.js"), "reattach");
  t.equal(await import("reattach/ham"), await load("dist/node/src/ham/index.js"), "…/ham");
  t.equal(
    await import("reattach/service"),
    await load("dist/node/src/service/index.js"),
    "…/service",
  );
  t.equal(await import("reattach/node"), await load("dist/node/hosts/node/index.js"), "…/node");
  const kit = await load("dist/node/hosts/node/test-kit/index.js");
  t.equal(await import("reattach/test"), kit, "…/test");
});

test("package: the device build exports all that the Node.js build does", async (t) => {
  for (const [name, source] of [
    ["reattach", "index"],
    ["reattach/ham", "ham/index"],
    ["reattach/service", "service/index"],
  ]) {
    const node = Object.keys(await load(`dist/node/src/${source}.js`));
    const moddable = exportsOf(`${device}/${name}.js`);
    t.ok(node.length > 0, `${name}: there are names`);
    t.deepEqual(
      node.filter((word) => !moddable.includes(word)),
      [],
      `${name}: all of them are on the device`,
    );
  }
});

test("device build: HAM and services are modules of their own, and find what they take", (t) => {
  const all = exportsOf(`${device}/reattach.js`);
  for (const module of ["ham", "service"]) {
    const source = read(`${device}/reattach/${module}.js`);
    const taken = [...source.matchAll(/import \{ ([^}]*) \} from "reattach"/g)];
    const names = taken.flatMap(([, list]) => list!.split(", ").map((name) => name.split(" ")[0]!));
    t.ok(names.length > 5, `${module}: it takes some`);
    t.deepEqual(
      names.filter((name) => !all.includes(name)),
      [],
      `${module}: all of them are there`,
    );
  }
  t.notOk(all.includes("defineService"), "and services are not in the other one");
  t.deepEqual(
    all.filter((name) => name.startsWith("ham_")),
    [],
    "and none of its calls is in the other one",
  );
  t.end();
});

interface PackedFile {
  readonly path: string;
  readonly size: number;
}

/** What npm would pack; with a folder, it does. */
function pack(folder?: string): { filename: string; files: PackedFile[] } {
  // Without the scripts: `prepare` would build, and its output is no JSON.
  const args = ["pack", "--json", "--ignore-scripts"];
  args.push(...(folder === undefined ? ["--dry-run"] : ["--pack-destination", folder]));
  const output = execFileSync("npm", args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return (JSON.parse(output) as { filename: string; files: PackedFile[] }[])[0]!;
}

/** What it would pack, asked once. */
const packed = ((): (() => readonly PackedFile[]) => {
  let files: readonly PackedFile[] | undefined;
  return () => (files ??= pack().files);
})();

/**
 * What a package of compiled JavaScript, a page, C and documentation weighs at most, in bytes: half
 * a megabyte to trace messages, as much to simulate an application, 160 KB to build XS from.
 */
const CODE_BYTES_MAX = 4_700_000;

test("package: npm packs what is needed and nothing else", (t) => {
  const files = packed();
  const paths = files.map(({ path }) => path).sort();
  const built = /^dist\/(moddable|node|page|types)\//;
  const folder = /^(hosts\/moddable\/native|manifests|docs|examples)\//;
  const native =
    /^hosts\/moddable\/(native|mod\/(partition|simulated-worker)|trace\/reattach-traced-.*)\.\S+$/;
  const engine = /^hosts\/(xs-linux\/(Makefile|build\.mjs)|xs-test\/(xs\.mk|\w+\.mjs))$/;
  const program = /^hosts\/xs-(linux|test)\/program\/[\w-]+\.[ch]$/;
  const file =
    /^((package|((ham|service|net|mod|trace)\/)?manifest)\.json|(README|CHANGELOG)\.md|LICENSE)$/;
  const unwanted = /\.(test\.ts|tsbuildinfo|map)$|^dist\/.*\.mjs$|tsconfig|^docs\/api/;
  const kinds = [built, folder, native, engine, program, file];
  const isWanted = (path: string): boolean =>
    kinds.some((kind) => kind.test(path)) && !unwanted.test(path);
  t.deepEqual(
    paths.filter((path) => !isWanted(path)),
    [],
    "nothing else",
  );
  const needed = ["LICENSE", "README.md", "manifest.json", "docs/device.md", ...deviceModules];
  needed.push("trace/manifest.json", `${TRACED_MESSAGES}.c`, ...tracingModules);
  needed.push(...nativeModules, ...NATIVE.map((name) => `${name}.c`));
  needed.push("hosts/xs-linux/build.mjs", "hosts/xs-linux/Makefile", "hosts/xs-test/xs.mk");
  needed.push(...filesBelow("hosts/xs-linux/program"), ...filesBelow("hosts/xs-test/program"));
  needed.push(...filesBelow("hosts/moddable/native").filter((path) => path.endsWith(".h")));
  const manifests = filesBelow("manifests").filter((path) => path.endsWith(".json"));
  t.deepEqual(
    [...needed, ...manifests].filter((path) => !paths.includes(path)),
    [],
    "what is needed",
  );
  const code = files.filter(({ path }) => !path.startsWith("examples/"));
  const bytes = code.reduce((sum, { size }) => sum + size, 0);
  t.ok(bytes < CODE_BYTES_MAX, `${bytes} bytes without the examples, at most ${CODE_BYTES_MAX}`);
  t.end();
});

/** Pages for those who work on the package itself: they speak of files that are not in it. */
const FOR_CONTRIBUTORS = ["contributing", "verification", "budgets", "trust"];

test("package: links of its pages lead to files that it has", (t) => {
  const paths = new Set(packed().map(({ path }) => path));
  const pages = [...paths].filter(
    (path) =>
      path.endsWith(".md") &&
      /^(README|docs|examples)/.test(path) &&
      !FOR_CONTRIBUTORS.some((name) => path === `docs/${name}.md`),
  );
  t.ok(pages.length > 8, `${pages.length} pages`);
  for (const page of pages) {
    for (const [, target = ""] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
      const path = posix.join(posix.dirname(page), target);
      const isThere = paths.has(path) || [...paths].some((file) => file.startsWith(`${path}/`));
      if (!isThere) t.fail(`${page}: ${target} is not in the package`);
    }
  }
  t.end();
});

/** How TypeScript resolves where ES modules are to be had; others cannot load this package. */
const RESOLUTIONS: readonly string[] = ["node16-esm", "bundler"];

test("package: TypeScript finds the types of every entry", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "reattach-pack-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const { filename } = pack(folder);
  const tarball = new Uint8Array(readFileSync(join(folder, filename)));
  const result = await checkPackage(createPackageFromTarballData(tarball));
  if (result.types === false) throw new Error("the package has no types");
  t.ok(Object.keys(result.entrypoints).length > 5, "there are entries");
  const problems = result.problems.filter(
    (problem) => !("resolutionKind" in problem) || RESOLUTIONS.includes(problem.resolutionKind),
  );
  t.deepEqual(problems, [], "with nothing wrong");
});

test("package: every declaration has its source", (t) => {
  const leftovers = filesBelow("dist/types")
    .filter((path) => path.endsWith(".d.ts"))
    .map((path) => path.replace("dist/types/", "").replace(/\.d\.ts$/, ".ts"))
    .filter((path) => !existsSync(join(root, path)));
  t.deepEqual(leftovers, [], "no leftovers (if there are: delete dist and build again)");
  t.end();
});

/** esbuild rewrites what its target does not know: the outputs differ where something is newer. */
function isNewer(code: string): boolean {
  return transformSync(code, { target: "es2022" }).code !== transformSync(code).code;
}

test("device build: ES2022, nothing newer", (t) => {
  t.ok(deviceModules.length > 0, "there are modules");
  t.ok(isNewer("using file = open();"), "the check can fail");
  for (const path of deviceModules) if (isNewer(read(path))) t.fail(`${path} is newer`);
  t.end();
});

test("device build: TypeScript finds the types of what a program imports", (t) => {
  const { exports } = JSON.parse(read("package.json")) as {
    exports: Record<string, string | { types?: string; moddable?: string }>;
  };
  const entries = Object.values(exports).flatMap((entry) =>
    typeof entry === "object" && entry.moddable?.startsWith("./dist/") === true ? [entry] : [],
  );
  t.ok(entries.length > 0, "there are entries");
  for (const { types = "", moddable = "" } of entries) {
    // mcconfig looks beside the module's file, not into package.json.
    const beside = posix.normalize(moddable.replace(/\.js$/, ".d.ts"));
    const [target = ""] = specifiersIn(beside);
    const found = posix.join(posix.dirname(beside), target).replace(/\.js$/, ".d.ts");
    t.equal(found, posix.normalize(types), beside);
  }
  t.end();
});

interface Manifest {
  include?: string[];
  modules?: { readonly "~"?: readonly string[]; readonly [name: string]: unknown };
  preload?: string[];
  platforms?: Record<string, Manifest>;
}

interface Wiring {
  /** Module name -> file, as mcconfig would list them. */
  readonly modules: Map<string, string>;
  readonly preload: string[];
  /** What mcconfig would pass over in silence or stumble on. */
  readonly problems: string[];
  /** Manifests that have been read: mcconfig reads each once. */
  readonly read: Set<string>;
}

const noWiring = (): Wiring => ({ modules: new Map(), preload: [], problems: [], read: new Set() });

/** Follows a manifest and what it includes by the rules of mcconfig. */
function wire(path: string, wiring: Wiring): Wiring {
  if (wiring.read.has(path)) return wiring;
  wiring.read.add(path);
  const manifest = JSON.parse(read(path)) as Manifest;
  const { include = [], preload = [], platforms = {} } = manifest;
  const { "~": left = [], ...modules } = manifest.modules ?? {};
  const here = (name: string): string => posix.join(posix.dirname(path), name);
  for (const name of include) if (!name.startsWith("$(")) wire(posix.normalize(here(name)), wiring);
  // Files that are left out, whoever names them.
  for (const [module, file] of wiring.modules) {
    if (left.some((target) => file === `${here(target)}.js`)) wiring.modules.delete(module);
  }
  for (const [name, target] of Object.entries(modules as Record<string, string>)) {
    const files = [...deviceModules, ...tracingModules, ...nativeModules].filter((file) =>
      target.endsWith("/*")
        ? posix.dirname(file) === here(posix.dirname(target))
        : file === `${here(target)}.js`,
    );
    if (files.length === 0) wiring.problems.push(`${path}: ${name}: no file matches ${target}`);
    for (const file of files) {
      const module = name.replace("*", posix.basename(file, ".js"));
      if (wiring.modules.has(module)) wiring.problems.push(`${path}: ${module}: twice`);
      wiring.modules.set(module, file);
    }
  }
  // A board is "…": no manifest of ours knows one by name.
  wiring.preload.push(...preload, ...(platforms["..."]?.preload ?? []));
  return wiring;
}

/** What XS takes an import for: a name beside that of the module it stands in, without ".js". */
function resolveOnXs(module: string, specifier: string): string {
  return posix.join(posix.dirname(module), specifier).replace(/\.js$/, "");
}

test("manifests: a board has HAM and services only where it asks for them", (t) => {
  const { modules, problems } = wire("manifest.json", noWiring());
  t.deepEqual(problems, [], "the manifests fit dist");
  t.ok(modules.has("reattach") && modules.has("reattach/moddable"), "the rest is there");
  t.notOk(modules.has("reattach/ham"), "HAM is not");
  t.notOk(modules.has("reattach/service"), "services are not");
  for (const part of ["net", "mod"]) t.notOk(modules.has(`reattach/${part}`), `${part} is not`);
  t.end();
});

test("manifests: where mods are replaced, simulators have a worker of their own", (t) => {
  const { modules, problems } = wire(
    "manifests/mod-simulated.json",
    wire("mod/manifest.json", noWiring()),
  );
  t.deepEqual(problems, [], "the manifests fit dist");
  t.equal(modules.get("reattach/moddable/worker"), SIMULATED_WORKER);
  t.deepEqual(specifiersIn(SIMULATED_WORKER), ["reattach"], "and it finds what it imports");
  t.end();
});

test("manifests: the tracing build takes the place of reattach, and needs nothing else", (t) => {
  const { modules, preload, problems } = wire("trace/manifest.json", noWiring());
  t.deepEqual(problems, [], "the manifests fit dist");
  t.equal(modules.get("reattach"), `${device}/traced/reattach.js`);
  const files = [...modules.values()];
  t.deepEqual(
    tracingModules.filter((file) => !files.includes(file)),
    [],
    "all of it is named",
  );
  for (const file of tracingModules) {
    const [module = ""] = [...modules].find(([, each]) => each === file) ?? [];
    t.ok(preload.includes(module), `${module} is preloaded`);
    for (const name of specifiersIn(file)) {
      if (!modules.has(name) && !SDK_MODULES.includes(name)) t.fail(`${file}: no "${name}"`);
    }
  }
  t.end();
});

test("manifests: every module is named once, is preloaded and finds its imports on XS", (t) => {
  const all = noWiring();
  for (const part of ["ham", "mod", "net", "service"]) wire(`${part}/manifest.json`, all);
  const { modules, preload, problems } = all;
  t.deepEqual(problems, [], "the manifests fit dist");
  t.equal(modules.get("reattach"), `${device}/reattach.js`, "the package's name is a module");

  const named = [...modules.values()].sort();
  t.deepEqual(
    named,
    [...deviceModules, ...nativeModules].filter((file) => file !== SIMULATED_WORKER).sort(),
    "the manifests name every module of the device build, once",
  );

  const isPreloaded = (name: string): boolean =>
    preload.some((entry) => entry === name || entry === `${posix.dirname(name)}/*`);
  t.deepEqual(
    [...modules.keys()].filter((name) => !isPreloaded(name)),
    [],
    "all are preloaded",
  );

  for (const [module, file] of modules) {
    for (const specifier of specifiersIn(file)) {
      const name = specifier.startsWith(".") ? resolveOnXs(module, specifier) : specifier;
      if (!modules.has(name) && !SDK_MODULES.includes(name)) t.fail(`${file}: no "${specifier}"`);
    }
  }
  t.end();
});
