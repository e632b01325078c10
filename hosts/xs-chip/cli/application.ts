/**
 * An application as a device would have it in flash: its manifest's modules, compiled one by one,
 * its data, its configuration, and the memory of its main VM.
 *
 * The chip has no drivers, no network and no display: a module that imports such a thing from
 * Moddable's SDK is told before anything runs.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { isObject } from "../../../src/manifest/value.js";
import { CompileError } from "../../node/compile/compile.js";
import { collectFile, type Collection } from "../../node/manifest/include.js";
import { mergeInto } from "../../node/manifest/json.js";
import { type AppManifest, readManifest } from "../../node/manifest/read.js";
import { shownPath } from "../../node/manifest/shown-path.js";
import { CREATION } from "../command.mjs";

/** Of Moddable's SDK, what the test host has. */
const BUILT_IN = ["Resource", "mc/config", "preference", "time", "timer", "worker"];
/** What Reattach's manifest preloads. */
const PRELOAD = ["worker", "reattach", "reattach/moddable", "reattach/moddable/*"];
/** And what it preloads where it includes them. */
const OPTIONAL = ["reattach/ham", "reattach/service"];
const DEVICE = fileURLToPath(new URL("../../../dist/moddable/", import.meta.url));
/** The main module of an application that has none, as the simulator needs none. */
const START = "reattach-start";
const START_SOURCE = `import { boot } from "reattach/moddable";
export default function main() {
  const system = boot();
  system.on("death", ({ name, cause }) => trace(\`\${name} died: \${cause}\\n\`));
  system.start();
}
`;

/**
 * Files in a folder of its own, which is the current one when the chip starts: names of files take
 * memory there, and the same application is to give the same run wherever it lies.
 */
export interface Application {
  readonly manifest: AppManifest;
  /** Switches of the test host, and the name of the main module. */
  readonly args: readonly string[];
}

/** Names of Reattach's own modules, by which they lie in DEVICE; with those of OPTIONAL given. */
function ownModules(included: readonly string[]): string[] {
  const extensions = readdirSync(join(DEVICE, "reattach/moddable"));
  return [
    "reattach",
    "reattach/moddable",
    ...extensions.map((file) => `reattach/moddable/${basename(file, ".js")}`),
    ...included,
  ];
}

/** The name that an import means, as XS on a device resolves it. */
function nameOf(specifier: string, importer: string): string {
  const name = specifier.startsWith(".")
    ? posix.join(posix.dirname(importer), specifier)
    : specifier;
  return name.replace(/\.m?js$/, "");
}

/** Leaves each import to XS, and adds those that it would not find to `problems`. */
function checkImports(
  names: ReadonlyMap<string, string>,
  known: ReadonlySet<string>,
  problems: string[],
): Plugin {
  const check = (path: string, importer: string): void => {
    if (known.has(nameOf(path, names.get(importer)!))) return;
    const why = path.startsWith(".")
      ? 'which is no module of the manifest ("modules")'
      : `which the emulated chip does not have. Of Moddable's SDK it has ${BUILT_IN.join(", ")}; ` +
        'give the application a stand-in in an entry of "platforms", and name it with --platform';
    problems.push(`${shownPath(importer)}: imports "${path}", ${why}`);
  };
  return {
    name: "check-imports",
    setup({ onResolve }) {
      onResolve({ filter: /^/ }, ({ kind, path, importer }) => {
        if (kind === "entry-point") return undefined;
        // What a program computes is found, or not, when it runs.
        if (kind === "import-statement") check(path, importer);
        return { path, external: true };
      });
    },
  };
}

/** Compiles the application's modules into `folder`, by their names. */
async function compile(
  sources: ReadonlyMap<string, string>,
  known: ReadonlySet<string>,
  folder: string,
): Promise<void> {
  const names = new Map(Array.from(sources, ([name, file]) => [file, name]));
  const problems: string[] = [];
  const entryPoints = Array.from(sources, ([name, file]) => ({ in: file, out: name }));
  const common = { entryPoints, target: "es2022", format: "esm", logLevel: "silent" } as const;
  try {
    // Once for the imports, once for the code: a bundle changes a module's constants to variables.
    const plugins = [checkImports(names, known, problems)];
    await build({ ...common, outdir: folder, bundle: true, write: false, plugins });
    await build({ ...common, outdir: folder });
  } catch (error) {
    const { errors } = error as { errors?: { text: string; location?: Place | null }[] };
    if (errors === undefined) throw error;
    for (const { text, location } of errors) problems.push(`${shownPlace(location)}${text}`);
  }
  if (problems.length > 0) throw new CompileError([...new Set(problems)]);
}

function copyTo(file: string, from: string): void {
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(from, file);
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

function shownPlace(place: Place | null | undefined): string {
  return place == null ? "" : `${shownPath(place.file)}:${place.line}:${place.column + 1}: `;
}

/** The strings of a key of all manifests, each a string or a list. */
function stringsOf({ parts }: Collection, key: string): string[] {
  return parts.flatMap(({ json }) => [json[key]].flat()).filter((item) => typeof item === "string");
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** Files that the manifest's "data" names: as Resource finds them, to where they are. */
function dataOf({ parts, variables }: Collection): Map<string, string> {
  const files = new Map<string, string>();
  for (const { json, dir } of parts) {
    const data = isObject(json["data"]) ? json["data"] : {};
    for (const [key, value] of Object.entries(data)) {
      for (const item of [value].flat()) {
        // What cannot be found has been told, by readManifest().
        const target = variables.target(String(item), dir, () => {});
        if (target?.kind !== "file") continue;
        for (const file of filesLike(target.file)) {
          const stem = basename(file, extname(file));
          files.set(key.replace("*", stem) + extname(file), file);
        }
      }
    }
  }
  return files;
}

function filesLike(pattern: string): string[] {
  const entries = readdirSync(dirname(pattern), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .filter(({ name }) => matches(basename(pattern), basename(name, extname(name))))
    .map(({ name }) => join(dirname(pattern), name));
}

/** What runs first: the manifest's main module, or one that starts the tasks. */
function mainOf({ creation, modules, tasks }: AppManifest): string {
  const name = typeof creation["main"] === "string" ? creation["main"] : "main";
  const isTask = tasks.some(({ module }) => module === name);
  return modules.has(name) && !isTask ? name : START;
}

/**
 * Reads an application, and writes into `folder` what the chip is to have. Throws an InputError
 * with all that is wrong with it.
 */
export async function prepare(
  path: string,
  platform: string,
  folder: string,
): Promise<Application> {
  const manifest = readManifest(path, { platform });
  const collection = collectFile(manifest.file, { platform }, []);
  const included = OPTIONAL.filter((name) => manifest.modules.has(name));
  const own = ownModules(included);
  const sources = new Map([...manifest.modules].filter(([name]) => !name.startsWith("reattach")));
  const known = new Set([...BUILT_IN, ...own, ...sources.keys(), "reattach/moddable/native"]);
  const fileOf = (name: string): string => `modules/${name}.js`;
  await compile(sources, known, join(folder, "modules"));
  for (const name of own) copyTo(join(folder, fileOf(name)), join(DEVICE, `${name}.js`));
  const main = mainOf(manifest);
  if (main === START) writeFileSync(join(folder, fileOf(START)), START_SOURCE);
  for (const [name, from] of dataOf(collection)) copyTo(join(folder, "data", name), from);
  const names = [...own, ...sources.keys(), ...(main === START ? [START] : [])];
  const creation = JSON.parse(readFileSync(CREATION, "utf8")) as Record<string, unknown>;
  mergeInto(creation, manifest.creation);
  const json = {
    modules: Object.fromEntries(names.map((name) => [name, fileOf(name)])),
    config: manifest.config,
    creation,
  };
  for (const [name, value] of Object.entries(json)) {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(value));
  }
  const preload = stringsOf(collection, "preload").filter((pattern) =>
    [...sources.keys()].some((name) => matches(pattern, name)),
  );
  return {
    manifest,
    args: [
      ...Object.keys(json).map((name) => `--${name}=${name}.json`),
      `--preload=${[...new Set([...PRELOAD, ...included, ...preload])].join(",")}`,
      "--resources=data",
      "--preferences=preferences",
      "--release",
      "--cores=1",
      "--locked-atomics",
      main,
    ],
  };
}
