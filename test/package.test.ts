/**
 * The package as others see it: npm and its users, Moddable's tools, and XS.
 *
 * Looks at what the build left in dist, so it runs after `npm run build` (npm test sees to that).
 * What Moddable's tools would do with the manifests is worked out here by their rules, since they
 * are not there to ask.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { transformSync } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import test from "tape";
import ts from "typescript";

const root = join(import.meta.dirname, "..");
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

const deviceModules = filesBelow(device).filter((path) => path.endsWith(".js"));

test("package: publint finds nothing to say", async (t) => {
  const { messages, pkg } = await publint({ pkgDir: root, pack: "npm", strict: true });
  for (const message of messages) t.fail(formatMessage(message, pkg, { color: false }));
  t.equal(messages.length, 0);
});

test("package: its own names lead to the Node.js build, one instance of each module", async (t) => {
  t.equal(await import("reattach"), await load("dist/node/src/index.js"), "reattach");
  t.equal(await import("reattach/node"), await load("dist/node/hosts/node/index.js"), "…/node");
});

test("package: both builds export the same names", async (t) => {
  const node = Object.keys(await load("dist/node/src/index.js"));
  const moddable = Object.keys(await load(`${device}/reattach.js`));
  t.ok(node.length > 0, "there are names");
  t.deepEqual(moddable, node);
});

test("package: npm packs what is needed and nothing else", (t) => {
  // Without the scripts: `prepare` would build, and its output is no JSON.
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const output = execFileSync("npm", args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const packed = (JSON.parse(output) as { files: { path: string }[] }[])
    .flatMap(({ files }) => files.map(({ path }) => path))
    .sort();
  const folder = /^(dist\/(moddable|node|types)|src|hosts\/node|manifests)\//;
  const file = /^((package|manifest)\.json|(README|CHANGELOG)\.md|LICENSE)$/;
  const unwanted = /\.(test\.ts|tsbuildinfo)$|tsconfig/;
  const isWanted = (path: string): boolean =>
    (folder.test(path) || file.test(path)) && !unwanted.test(path);
  t.deepEqual(
    packed.filter((path) => !isWanted(path)),
    [],
    "nothing else",
  );
  const needed = ["LICENSE", "README.md", "manifest.json", "src/index.ts", ...deviceModules];
  const manifests = filesBelow("manifests").filter((path) => path.endsWith(".json"));
  t.deepEqual(
    [...needed, ...manifests].filter((path) => !packed.includes(path)),
    [],
    "what is needed",
  );
  t.end();
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

test("device build: every source map names one source, and the package holds it", (t) => {
  // xsc reads sources[0] without looking whether it is there.
  const maps = filesBelow(device).filter((path) => path.endsWith(".map"));
  t.ok(maps.length > 0, "there are maps");
  for (const path of maps) {
    const { sources } = JSON.parse(read(path)) as { sources: string[] };
    const [source = ""] = sources.map((name) => posix.join(posix.dirname(path), name));
    const isFine =
      sources.length === 1 && source.startsWith("src/") && existsSync(join(root, source));
    if (!isFine) t.fail(`${path}: sources ${JSON.stringify(sources)}`);
  }
  for (const path of deviceModules) {
    const isMapped = read(path).includes("//# sourceMappingURL=");
    if (isMapped !== maps.includes(`${path}.map`)) t.fail(`${path}: names a map that is not there`);
  }
  t.end();
});

interface Manifest {
  include?: string[];
  modules?: Record<string, string>;
  preload?: string[];
}

interface Wiring {
  /** Module name -> file, as mcconfig would list them. */
  readonly modules: Map<string, string>;
  readonly preload: string[];
  /** What mcconfig would pass over in silence or stumble on. */
  readonly problems: string[];
}

/** Follows a manifest and what it includes by the rules of mcconfig. */
function wire(path: string, wiring: Wiring): Wiring {
  const { include = [], modules = {}, preload = [] } = JSON.parse(read(path)) as Manifest;
  const here = (name: string): string => posix.join(posix.dirname(path), name);
  for (const name of include) wire(here(name), wiring);
  for (const [name, target] of Object.entries(modules)) {
    const files = deviceModules.filter((file) =>
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
  wiring.preload.push(...preload);
  return wiring;
}

/** What XS takes an import for: a name beside that of the module it stands in, without ".js". */
function resolveOnXs(module: string, specifier: string): string {
  return posix.join(posix.dirname(module), specifier).replace(/\.js$/, "");
}

test("manifests: every module is named once, is preloaded and finds its imports on XS", (t) => {
  const { modules, preload, problems } = wire("manifest.json", {
    modules: new Map(),
    preload: [],
    problems: [],
  });
  t.deepEqual(problems, [], "the manifests fit dist");
  t.equal(modules.get("reattach"), `${device}/reattach.js`, "the package's name is a module");

  const named = [...modules.values()].sort();
  t.deepEqual(named, deviceModules, "the manifests name every module of the device build, once");

  const isPreloaded = (name: string): boolean =>
    preload.some((entry) => entry === name || entry === `${posix.dirname(name)}/*`);
  t.deepEqual(
    [...modules.keys()].filter((name) => !isPreloaded(name)),
    [],
    "all are preloaded",
  );

  for (const [module, file] of modules) {
    for (const specifier of specifiersIn(file)) {
      if (!specifier.startsWith(".")) t.fail(`${file}: "${specifier}" is not on the device`);
      else if (!modules.has(resolveOnXs(module, specifier))) t.fail(`${module}: no "${specifier}"`);
    }
  }
  t.end();
});

test("manifests: one for each folder of src", (t) => {
  const folders = new Set(
    filesBelow("src")
      .map((path) => dirname(relative("src", path)))
      .filter((folder) => folder !== "."),
  );
  const named = filesBelow("manifests").filter((path) => path.endsWith(".json"));
  t.deepEqual(named, [...folders].map((folder) => `manifests/${folder}.json`).sort());
  t.end();
});
