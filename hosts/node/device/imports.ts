/**
 * Imports, as a device resolves them: by the names of modules, and never by files. "./helper" in
 * the module "lib/sensor" is the module "lib/helper", wherever its file lies.
 *
 * esbuild finds the imports, since it drops those that TypeScript drops, and says where they stand.
 */
import { readFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { dirname, relative, resolve } from "node:path/posix";
import type * as esbuild from "esbuild";
import { nearestName } from "../../../src/manifest/suggest.js";
import { sentenceOf } from "../compile/compile.js";
import { runBuild } from "../compile/esbuild.js";
import { preloadedModules } from "./preload.js";
import type { DeviceView } from "./view.js";

/** Native functions of a driver, in a notation of XS's own: only XS can read such a module. */
const NATIVE = /@\s*"/;
/** Modules of Reattach that have manifests of their own. */
const PARTS = ["ham", "service", "net", "mod", "trace"];
const SOURCES = [".ts", ".js", ".mjs"];

/** The name of the module that an import in another one means; undefined when it leaves the top. */
function nameOf(specifier: string, importer: string): string | undefined {
  const name = specifier.replace(/^moddable:/, "").replace(/\.(m?js|xsb)$/, "");
  if (!/^\.\.?\//.test(name)) return name;
  const path = resolve("/", dirname(importer), name).slice(1);
  const depth = importer.split("/").length - 1;
  const ups = name.split("/").filter((step) => step === "..").length;
  return ups > depth ? undefined : path;
}

/** Why an import finds nothing, and what would help. */
class Advisor {
  readonly #view: DeviceView;
  readonly #nameOfFile: ReadonlyMap<string, string>;

  constructor(view: DeviceView) {
    this.#view = view;
    this.#nameOfFile = new Map([...view.files].map(([name, file]) => [file, name]));
  }

  /** `file` has the import, as the module `importer`. */
  advise(specifier: string, importer: string, file: string): string {
    const found = `found "${specifier}", `;
    if (specifier.startsWith("node:") || builtinModules.includes(specifier)) {
      return `${found}a module of Node.js: a board has only modules of the manifest`;
    }
    if (specifier.startsWith(".")) return found + this.#adviseFile(specifier, importer, file);
    if (specifier === "reattach" || specifier.startsWith("reattach/")) {
      const part = PARTS.find((name) => specifier === `reattach/${name}`);
      const manifest = part === undefined ? "manifest.json" : `${part}/manifest.json`;
      return `${found}no module of the manifest: include "./node_modules/reattach/${manifest}"`;
    }
    const nearest = nearestName(specifier, [...this.#view.files.keys()]);
    if (nearest !== undefined)
      return `${found}no module of the manifest (did you mean "${nearest}"?)`;
    return isPackage(specifier, file)
      ? `${found}an npm package: a board has it only as a module of the manifest`
      : `${found}no module of the manifest`;
  }

  #adviseFile(specifier: string, importer: string, file: string): string {
    const target = this.#fileAt(resolve(dirname(file), specifier));
    const name = target === undefined ? undefined : this.#nameOfFile.get(target);
    if (name !== undefined) return `a file that is the module "${name}": import that`;
    const wanted = nameOf(specifier, importer);
    if (target === undefined || wanted === undefined) return "no module of the manifest";
    const dir = this.#view.collection.parts.at(-1)!.dir;
    const path = `./${relative(dir, target)}`.replace("./../", "../").replace(/\.\w+$/, "");
    return `no module of the manifest: add "${wanted}": "${path}" to its "modules"`;
  }

  /** The file that the simulator and TypeScript take. */
  #fileAt(path: string): string | undefined {
    const stem = path.replace(/\.(ts|m?js)$/, "");
    return [path, ...SOURCES.map((extension) => stem + extension)].find(isFile);
  }
}

function isFile(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

function isPackage(specifier: string, file: string): boolean {
  try {
    createRequire(file).resolve(specifier);
    return true;
  } catch {
    return false;
  }
}

/** Has all imports resolved by the names of modules; those at run time only if they matter. */
function resolver(view: DeviceView, hasDynamic: boolean): esbuild.Plugin {
  const nameOfFile = new Map([...view.files].map(([name, file]) => [file, name]));
  const advisor = new Advisor(view);
  return {
    name: "device",
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        const from = nameOfFile.get(importer);
        // What Reattach itself imports is its own affair.
        if (from !== undefined && !view.isOwn(from, importer)) return { path, external: true };
        if (kind === "dynamic-import" && !hasDynamic) return { path, external: true };
        const name = from === undefined ? path : nameOf(path, from);
        const file = name === undefined ? undefined : view.files.get(name);
        if (file !== undefined) return { path: file, external: !isReadable(view, name!, file) };
        if (kind === "entry-point" || from === undefined) return { path, external: true };
        if (name !== undefined && view.names.has(name)) return { path, external: true };
        // It may be in a part of the SDK that is not here to be looked at.
        if (!path.startsWith(".") && view.unseen.length > 0) return { path, external: true };
        return { errors: [{ text: advisor.advise(path, from, importer) }] };
      });
    },
  };
}

/** Is it one whose exports esbuild can read: a module of the application, or Reattach's? */
function isReadable({ isOwn }: DeviceView, name: string, file: string): boolean {
  if (!isOwn(name, file) && !name.startsWith("reattach")) return false;
  return !NATIVE.test(readFileSync(file, "utf8"));
}

/** A name that a module does not export: the module has a name too, and its file may be deep. */
function withName(sentence: string, { files, collection }: DeviceView): string {
  const words = /No matching export in "(.+)" for import "(.+)"$/.exec(sentence);
  if (words === null) return sentence;
  const target = resolve(collection.parts.at(-1)!.dir, words[1]!);
  const name = [...files].find(([, file]) => file === target)?.[0] ?? words[1];
  const place = sentence.slice(0, words.index);
  return `${place}found the import "${words[2]}", which "${name}" does not export`;
}

/** What to look for when modules of an application are put together. */
interface Look {
  /** Modules that are imported while others run count as well. */
  readonly hasDynamic: boolean;
  readonly supported?: Record<string, boolean>;
}

/** Puts modules together as a device does. Resolves to the errors. */
async function errorsIn(
  names: readonly string[],
  view: DeviceView,
  { hasDynamic, supported = {} }: Look,
): Promise<readonly esbuild.Message[]> {
  const { dir } = view.collection.parts.at(-1)!;
  try {
    await runBuild({
      stdin: {
        contents: names.map((name) => `import ${JSON.stringify(name)};`).join("\n"),
        resolveDir: dir,
      },
      absWorkingDir: dir,
      bundle: true,
      write: false,
      format: "esm",
      target: "esnext",
      supported,
      platform: "neutral",
      logLevel: "silent",
      logLimit: 0,
      treeShaking: false,
      plugins: [resolver(view, hasDynamic)],
    });
    return [];
  } catch (error) {
    const { errors } = error as Partial<esbuild.BuildFailure>;
    if (errors === undefined) throw error;
    return errors;
  }
}

/**
 * What is wrong with the imports of all modules of an application, and with their syntax: sentences
 * that begin with file, line and column. Does not block.
 */
export async function checkImports(view: DeviceView): Promise<readonly string[]> {
  const { dir } = view.collection.parts.at(-1)!;
  const names = [...view.files].filter(([name, file]) => view.isOwn(name, file));
  const own = names.map(([name]) => name);
  const errors = await errorsIn(own, view, { hasDynamic: true });
  return errors.map((message) => withName(sentenceOf(message, dir), view));
}

/** As esbuild begins it. */
const TOP_LEVEL_AWAIT = /^Top-level await /;

/**
 * Awaits at the top level of what is preloaded, as a module of the manifest or as an import of one:
 * sentences that begin with file, line and column. The linker runs modules, and cannot wait. Does
 * not block.
 */
export async function checkAwaits(view: DeviceView): Promise<readonly string[]> {
  const { dir } = view.collection.parts.at(-1)!;
  const names = preloadedModules(view);
  if (names.length === 0) return [];
  const look = { hasDynamic: false, supported: { "top-level-await": false } };
  const errors = await errorsIn(names, view, look);
  const told = "found await at the top level of a module that is preloaded: the linker cannot wait";
  return errors
    .filter(({ text }) => TOP_LEVEL_AWAIT.test(text))
    .map((message) => sentenceOf({ ...message, text: told }, dir));
}
