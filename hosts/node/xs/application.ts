/**
 * An application as a device would have it in flash: its manifest's modules, compiled one by one,
 * its data, its configuration, and the memory of its main VM. For the hosts that embed XS.
 *
 * They have no drivers, no network and no display: a module that imports such a thing from
 * Moddable's SDK is told before anything runs.
 */
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, posix } from "node:path";
import type { Plugin } from "esbuild";
import { isObject, type JsonObject } from "../../../src/manifest/value.js";
import { CompileError } from "../compile/compile.js";
import { runBuild } from "../compile/esbuild.js";
import { collectFile, type Collection } from "../manifest/include.js";
import { mergeInto } from "../manifest/json.js";
import { type AppManifest, readManifest } from "../manifest/read.js";
import { shownPath } from "../manifest/shown-path.js";

/** Of Moddable's SDK, what the test host has. */
const BUILT_IN = ["Resource", "mc/config", "preference", "time", "timer", "worker"];
/** What Reattach's manifest preloads. */
const PRELOAD = ["worker", "reattach", "reattach/moddable", "reattach/moddable/*"];
/** And what it preloads where it includes them. */
const OPTIONAL = ["reattach/ham", "reattach/service"];
const NATIVE = "reattach/moddable/native";
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

/** What is to be written, and for which host. */
export interface Preparation {
  /** Which entry of `platforms` counts. */
  readonly platform: string;
  /** An empty folder. */
  readonly folder: string;
  /** Of this package. */
  readonly root: string;
  /** In an error: "the emulated chip". */
  readonly host: string;
  /** Memory of the main VM, where the manifest does not say. */
  readonly creation: JsonObject;
  /** More switches of the test host. */
  readonly switches: readonly string[];
  /** What is put beside the application. */
  readonly more?: More;
}

/** Modules beside those of the application. */
export interface More {
  /** Names to files, which are compiled as the application's are. */
  readonly sources: ReadonlyMap<string, string>;
  /** Names to JavaScript. */
  readonly texts: ReadonlyMap<string, string>;
  /** Modules that these may import, beside those of the application. */
  readonly known: readonly string[];
  /** What runs first, of them: in the place of the application's main module. */
  readonly main: string;
  /** Changes the configuration: `config` of the manifest. */
  readonly configure: (config: JsonObject) => JsonObject;
}

/** Names of Reattach's own modules, by which they lie in `device`; with those of OPTIONAL given. */
function ownModules(device: string, included: readonly string[]): string[] {
  const extensions = readdirSync(join(device, "reattach/moddable"));
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
  host: string,
  problems: string[],
): Plugin {
  const check = (path: string, importer: string): void => {
    if (known.has(nameOf(path, names.get(importer)!))) return;
    const why = path.startsWith(".")
      ? 'which is no module of the manifest ("modules")'
      : `which ${host} does not have. Of Moddable's SDK it has ${BUILT_IN.join(", ")}; ` +
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
  { host, folder }: Preparation,
): Promise<void> {
  const names = new Map(Array.from(sources, ([name, file]) => [file, name]));
  const problems: string[] = [];
  const entryPoints = Array.from(sources, ([name, file]) => ({ in: file, out: name }));
  const common = { entryPoints, target: "es2022", format: "esm", logLevel: "silent" } as const;
  try {
    // Once for the imports, once for the code: a bundle changes a module's constants to variables.
    const plugins = [checkImports(names, known, host, problems)];
    const outdir = join(folder, "modules");
    await runBuild({ ...common, outdir, bundle: true, write: false, plugins });
    await runBuild({ ...common, outdir });
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

/** Writes the files that the switches name, which are those of `json`. */
function writeJson(json: Readonly<Record<string, unknown>>, folder: string): string[] {
  return Object.entries(json).map(([name, value]) => {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(value));
    return `--${name}=${name}.json`;
  });
}

/**
 * Reads an application, and writes into the folder what the host is to have. Throws an InputError
 * with all that is wrong with it.
 */
export async function prepare(path: string, preparation: Preparation): Promise<Application> {
  const { platform, folder, root, switches, more } = preparation;
  const manifest = readManifest(path, { platform });
  const collection = collectFile(manifest.file, { platform }, []);
  const included = OPTIONAL.filter((name) => manifest.modules.has(name));
  const device = join(root, "dist/moddable");
  const own = ownModules(device, included);
  const isTheirs = ([name]: [string, string]): boolean => !/^reattach(\/|$)/.test(name);
  const sources = new Map([...manifest.modules].filter(isTheirs));
  const all = new Map([...sources, ...(more?.sources ?? [])]);
  const known = new Set([...BUILT_IN, ...own, ...all.keys(), NATIVE, ...(more?.known ?? [])]);
  const fileOf = (name: string): string => `modules/${name}.js`;
  await compile(all, known, preparation);
  for (const name of own) copyTo(join(folder, fileOf(name)), join(device, `${name}.js`));
  const main = more?.main ?? mainOf(manifest);
  const texts = new Map(more?.texts ?? (main === START ? [[START, START_SOURCE]] : []));
  for (const [name, text] of texts) writeFileSync(join(folder, fileOf(name)), text);
  for (const [name, from] of dataOf(collection)) copyTo(join(folder, "data", name), from);
  const names = [...own, ...all.keys(), ...texts.keys()];
  const creation = structuredClone(preparation.creation);
  mergeInto(creation, manifest.creation);
  const files = writeJson(
    {
      modules: Object.fromEntries(names.map((name) => [name, fileOf(name)])),
      config: more?.configure(manifest.config) ?? manifest.config,
      creation,
    },
    folder,
  );
  const preload = stringsOf(collection, "preload").filter((pattern) =>
    [...sources.keys()].some((name) => matches(pattern, name)),
  );
  return {
    manifest,
    args: [
      ...files,
      `--preload=${[...new Set([...PRELOAD, ...included, ...preload])].join(",")}`,
      "--resources=data",
      "--preferences=preferences",
      "--release",
      ...switches,
      main,
    ],
  };
}
