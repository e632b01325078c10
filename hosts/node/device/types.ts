/**
 * TypeScript of an application, checked against the types of a device, as mcconfig does: one module
 * is found by its name in the manifest, and there is no `console` and no `fs`.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type * as typescript from "typescript";
import { isObject, type JsonObject } from "../../../src/manifest/value.js";
import { findModules } from "../manifest/modules.js";
import type { Part } from "../manifest/part.js";
import { findCompiler, loadCompiler, placeOf, textOf } from "../types/compiler.js";
import type { DeviceView } from "./view.js";

/** What has been found, or why nothing was looked for. */
export interface TypeFindings {
  /** Sentences that begin with file, line and column. */
  readonly problems: readonly string[];
  /** "" when all types were checked. */
  readonly unchecked: string;
}

/** Moddable's types on npm, and the alias that this repository has them by. */
const TYPINGS = ["@moddable/typings", "@moddable/xs-types"];

/** How the folders of the types are named, and what the modules in them begin with. */
const TYPING_FOLDERS: Readonly<Record<string, string>> = {
  "commodetto/*": "commodetto/*",
  "dns/*": "dns/*",
  "embedded:io/*": "embedded_io/*",
  "embedded:network/*": "embedded_network/*",
  "embedded:provider/*": "embedded_provider/*",
  "mc/*": "mc/*",
  "pins/*": "pins/*",
  "piu/*": "piu/*",
  "text/*": "text/*",
};

/** The first of some packages that the application has, or this package. */
function packageOf(names: readonly string[], dir: string): string | undefined {
  for (const from of [join(dir, "main.js"), import.meta.url]) {
    const { resolve } = createRequire(from);
    for (const name of names) {
      try {
        return dirname(resolve(`${name}/package.json`));
      } catch {
        // Not there: the next one.
      }
    }
  }
  return undefined;
}

/** A path without the extension of a source or of a declaration, as `paths` has it. */
function stemOf(file: string): string {
  return file.replace(/(\.d)?\.\w+$/, "");
}

/** `typescript.tsconfig.compilerOptions` of all parts, their paths resolved. */
function optionsOf({ collection }: DeviceView): JsonObject {
  const options: JsonObject = {};
  for (const part of collection.parts) {
    const { tsconfig } = (part.json["typescript"] ?? {}) as { tsconfig?: JsonObject };
    const given = tsconfig?.["compilerOptions"];
    if (!isObject(given)) continue;
    for (const [key, value] of Object.entries(given)) {
      const before = options[key];
      const items = Array.isArray(value) ? value.map((item) => resolved(item, part)) : value;
      options[key] = Array.isArray(items) && Array.isArray(before) ? [...items, ...before] : items;
    }
  }
  return options;

  function resolved(item: unknown, { dir }: Part): unknown {
    if (typeof item !== "string" || !/^(\.|\$\()/.test(item)) return item;
    const target = collection.variables.target(item, dir, () => {});
    return target?.kind === "file" ? target.file : item;
  }
}

/** Where TypeScript finds modules, and what there is without an import. */
function librariesOf(view: DeviceView, dir: string): JsonObject | undefined {
  const { collection, platform, sdk } = view;
  if (sdk !== "") {
    const reader = { platform, sdk };
    const { files } = findModules(collection, reader, [], [".d.ts"]);
    return { paths: Object.fromEntries([...files].map(([name, file]) => [name, [stemOf(file)]])) };
  }
  const typings = packageOf(TYPINGS, dir);
  if (typings === undefined) return undefined;
  const paths: Record<string, string[]> = { "*": [`${typings}/*`, `${typings}/ble/*`] };
  for (const [name, folder] of Object.entries(TYPING_FOLDERS))
    paths[name] = [`${typings}/${folder}`];
  const types = ["xs", "global"].map((name) => join(typings, name));
  return { paths, types: types.filter((path) => existsSync(`${path}.d.ts`)) };
}

function sentenceOf(ts: typeof typescript, diagnostic: typescript.Diagnostic): string {
  const text = textOf(ts, diagnostic);
  const told = text.includes("name 'console'")
    ? `TS${diagnostic.code}: there is no console on a board, allowed is trace()`
    : text;
  return `${placeOf(diagnostic, diagnostic.file!.fileName)}: ${told}`;
}

/**
 * Checks all modules of an application that are written in TypeScript. Blocks: a second or two. The
 * compiler is the application's, or the one beside this package.
 */
export function checkTypes(view: DeviceView): TypeFindings {
  const own = [...view.files].filter(([name, file]) => view.isOwn(name, file));
  const sources = own.map(([, file]) => file).filter((file) => file.endsWith(".ts"));
  if (sources.length === 0) return { problems: [], unchecked: "" };
  const { dir } = view.collection.parts.at(-1)!;
  const found = findCompiler(dir);
  const beside = dirname(fileURLToPath(import.meta.url));
  const compiler = typeof found === "string" ? findCompiler(beside) : found;
  if (typeof compiler === "string") return { problems: [], unchecked: String(found) };
  const libraries = librariesOf(view, dir);
  if (libraries === undefined) {
    return { problems: [], unchecked: `there is no SDK and no package ${TYPINGS[0]}` };
  }
  const ts = loadCompiler(compiler.file);
  // The newest that the compiler knows, at most what mcconfig names.
  const level = Number.parseInt(ts.versionMajorMinor, 10) < 6 ? "esnext" : "es2025";
  const modules = [...view.files].map(([name, file]) => [name, [stemOf(file)], file] as const);
  const typed = modules.filter(([, , file]) => file.endsWith(".ts"));
  const compilerOptions = {
    forceConsistentCasingInFileNames: true,
    module: "preserve",
    resolveJsonModule: true,
    lib: [level],
    target: level,
    ...optionsOf(view),
    ...libraries,
    // As in mcconfig: TypeScript before declarations, and these before JavaScript.
    paths: {
      ...Object.fromEntries(modules),
      ...(libraries["paths"] as object),
      ...Object.fromEntries(typed),
    },
    noEmit: true,
    skipLibCheck: true,
  };
  const config = { compilerOptions, files: sources };
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, dir);
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(fileNames, options));
  const ours = diagnostics.filter(
    ({ file }) => file !== undefined && fileNames.includes(file.fileName),
  );
  return { problems: ours.map((diagnostic) => sentenceOf(ts, diagnostic)), unchecked: "" };
}
