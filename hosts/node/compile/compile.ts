/**
 * Compiles the program of a task: its TypeScript or JavaScript, with all it imports, into one
 * self-contained ES module that a worker thread imports from a `data:` URL. Nothing is written to
 * disk, and a task that is restarted runs the newest source.
 *
 * Only this package stays outside: all modules of a task must share one instance of it.
 */
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type * as esbuild from "esbuild";
import { NAMED_EXPORTS, whyNoModule } from "../hardware/names.js";
import { InputError } from "../input-error.js";
import { runBuild, stopEsbuild } from "./esbuild.js";
import { MODULE_URL_DEFINE, moduleUrls } from "./module-urls.js";
import { shownPath } from "../manifest/shown-path.js";
import { allowedNames } from "../../../src/manifest/suggest.js";

/** A program that does not compile: each problem is `file:line:column: text`, seen from the cwd. */
export class CompileError extends InputError {
  constructor(problems: readonly string[]) {
    super(problems.join("\n"), problems);
  }

  override get name(): string {
    return "CompileError";
  }
}

/** What a program may import by name. */
export interface CompilerOptions {
  /** The manifest's modules: specifier to absolute path. */
  readonly modules: ReadonlyMap<string, string>;
  /** The modules of this package, and of a device: specifier to the URL that a worker loads. */
  readonly runtime: ReadonlyMap<string, string>;
  /**
   * "module", which a thread imports; or "script", whose value is what the module exports, and
   * which asks for what stays outside by a global require(): for contexts of V8. Default "module".
   */
  readonly format?: "module" | "script";
}

/** A compiled program. */
export interface Program {
  /** `data:` URL of the module, with its source map (source-maps.ts applies it). */
  readonly url: string;
  /** Absolute paths of all files that went into it. */
  readonly inputs: readonly string[];
  /** Names that it exports. */
  readonly exports: readonly string[];
  /** The same for programs of the same code, wherever in the sources its lines stand. */
  readonly digest: string;
}

/** What a file looked like. */
interface Stamp {
  readonly mtimeMs: number;
  readonly size: number;
}

/** A program, and its inputs when they were read. */
interface Cached {
  readonly program: Program;
  readonly stamps: readonly Stamp[];
}

/** Where the source map of a bundle begins. */
const SOURCE_MAP = "//# sourceMappingURL=";

/** The coarsest times that file systems keep: FAT's. */
const FILE_TIME_STEP_MS = 2_000;

/** A file that is gone looks like no other, and not like itself. */
function stampOf(file: string): Stamp {
  return statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: NaN, size: NaN };
}

function isUpToDate({ program, stamps }: Cached): boolean {
  return program.inputs.every((file, index) => {
    const { mtimeMs, size } = stampOf(file);
    return mtimeMs === stamps[index]!.mtimeMs && size === stamps[index]!.size;
  });
}

/** A message of esbuild, whose paths are relative to `dir`. */
export function sentenceOf({ text, location }: esbuild.Message, dir: string): string {
  if (location === null) return text;
  const file = shownPath(resolve(dir, location.file));
  return `${file}:${location.line}:${location.column + 1}: ${text}`;
}

/** What identifies the code of a bundle; its source map tells of every comment. */
function digestOf(code: Buffer): string {
  const end = code.lastIndexOf(SOURCE_MAP);
  const text = end < 0 ? code : code.subarray(0, end);
  return createHash("sha256").update(text).digest("hex");
}

/** Writes down what a program leads to: its files, and what its relative imports look for. */
function recorder(seen: Set<string>): esbuild.Plugin {
  return {
    name: "recorder",
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}(\/|$)/ }, ({ path, resolveDir }) => {
        seen.add(resolve(resolveDir, path));
        return undefined;
      });
      build.onLoad({ filter: /(?:)/ }, ({ path }) => {
        seen.add(path);
        return undefined;
      });
    },
  };
}

/** Resolves what has a name of its own; paths, npm packages and node: are esbuild's to find. */
function nameResolver({ modules, runtime }: CompilerOptions): esbuild.Plugin {
  return {
    name: "reattach",
    setup(build) {
      build.onResolve({ filter: /^reattach(\/|$)/ }, ({ path }) => {
        const url = runtime.get(path);
        if (url !== undefined) return { path: url, external: true };
        const own = [...runtime.keys()].filter((name) => name.startsWith("reattach"));
        return { errors: [{ text: `found "${path}", ${allowedNames(path, own)}` }] };
      });
      build.onResolve({ filter: /^[^./]/ }, ({ path }) => {
        // The manifest first: an application may have stand-ins of its own.
        const file = modules.get(path);
        if (file !== undefined) return { path: file };
        const url = runtime.get(path);
        if (url !== undefined) return { path: url, external: true };
        const text = whyNoModule(path, runtime.has("embedded:io/digital"));
        return text === undefined ? undefined : { errors: [{ text }] };
      });
    },
  };
}

/** How a program is bundled for a thread of its own. */
function asModule(url: string) {
  return {
    format: "esm",
    // Packages in CommonJS ask for modules of Node by require(). esbuild renames whatever else is
    // called `require`, and nobody has the other name.
    banner: {
      js: `import { createRequire as $reattach } from "node:module";
const require = $reattach("${url}");`,
    },
  } as const;
}

/** And for a context of V8. */
const AS_SCRIPT = {
  format: "iife",
  globalName: "$program",
  supported: { "dynamic-import": false },
} as const;

/**
 * Modules that have a default export: what a script asks for with require() would itself be the
 * default of a package of ES modules.
 */
function defaultExports(runtime: ReadonlyMap<string, string>): esbuild.Plugin {
  return {
    name: "default-exports",
    setup(build) {
      build.onResolve({ filter: DEVICE_MODULE }, ({ path, namespace }) => {
        if (namespace === DEVICE) return { path, external: true };
        return runtime.has(path) ? { path, namespace: DEVICE } : undefined;
      });
      build.onLoad({ filter: /(?:)/, namespace: DEVICE }, ({ path }) => {
        const named = NAMED_EXPORTS[path];
        const more = named === undefined ? "" : `export const { ${named} } = module;`;
        const module = `const module = require(${JSON.stringify(path)});`;
        return { contents: `${module} export default module.default; ${more}` };
      });
    },
  };
}

/** Of what stands for such a module, and is no file. */
const DEVICE = "device";
/** What hardware/names.ts has. */
const DEVICE_MODULE = /^(embedded:|pins\/|timer$)/;

/** Compiles programs, each only when it is new or has changed. */
export class Compiler {
  readonly #resolver: esbuild.Plugin;
  readonly #isScript: boolean;
  readonly #runtime: ReadonlyMap<string, string>;
  readonly #cache = new Map<string, Cached>();

  constructor(options: CompilerOptions) {
    this.#resolver = nameResolver(options);
    this.#isScript = options.format === "script";
    this.#runtime = options.runtime;
  }

  /**
   * The program of the entry file, an absolute path; from the cache while all its inputs have the
   * same time and length. Rejects with a CompileError.
   */
  async compile(entry: string): Promise<Program> {
    const cached = this.#cache.get(entry);
    if (cached !== undefined && isUpToDate(cached)) return cached.program;
    const settled_ms = Date.now() - FILE_TIME_STEP_MS;
    const program = await this.#build(entry);
    const stamps = program.inputs.map(stampOf);
    // A file that was saved meanwhile is in the program as it was before or after: compile again.
    if (stamps.every(({ mtimeMs }) => mtimeMs < settled_ms)) {
      this.#cache.set(entry, { program, stamps });
    }
    return program;
  }

  /**
   * Absolute paths of what the program of an entry file leads to though it does not compile: its
   * files, and relative imports that lead nowhere, without the extension that they may get.
   */
  async lookedFor(entry: string): Promise<readonly string[]> {
    const seen = new Set([entry]);
    const options = this.#options(entry);
    try {
      await runBuild({ ...options, plugins: [recorder(seen), ...options.plugins] });
    } catch (error) {
      if ((error as Partial<esbuild.BuildFailure>).errors === undefined) throw error;
    }
    return [...seen];
  }

  /** Ends esbuild's process, until the next compile(). */
  stop(): Promise<void> {
    return stopEsbuild();
  }

  async #build(entry: string): Promise<Program> {
    const dir = dirname(entry);
    try {
      const result = await runBuild(this.#options(entry));
      const { inputs, outputs } = result.metafile;
      const code = Buffer.from(result.outputFiles[0]!.contents);
      return {
        url: `data:text/javascript;base64,${code.toString("base64")}`,
        inputs: Object.keys(inputs)
          .filter((file) => !file.startsWith(`${DEVICE}:`))
          .map((file) => resolve(dir, file)),
        exports: Object.values(outputs)[0]!.exports,
        digest: digestOf(code),
      };
    } catch (error) {
      const { errors } = error as Partial<esbuild.BuildFailure>;
      if (errors === undefined) throw error;
      throw new CompileError(errors.map((message) => sentenceOf(message, dir)));
    }
  }

  #options(entry: string) {
    const dir = dirname(entry);
    const url = pathToFileURL(entry).href;
    return {
      entryPoints: [entry],
      absWorkingDir: dir,
      bundle: true,
      write: false,
      metafile: true,
      ...(this.#isScript ? AS_SCRIPT : asModule(url)),
      platform: "node",
      target: "node20",
      logLevel: "silent",
      // Sources are found by absolute URLs: nothing is relative to a data: URL.
      sourcemap: "inline",
      sourcesContent: true,
      sourceRoot: `${pathToFileURL(dir).href}/`,
      // The name that source-maps.ts finds the source map by.
      footer: { js: `${this.#isScript ? "$program;" : ""}//# sourceURL=${url}.bundle.mjs` },
      define: MODULE_URL_DEFINE,
      plugins: [
        ...(this.#isScript ? [defaultExports(this.#runtime)] : []),
        this.#resolver,
        moduleUrls,
      ],
    } satisfies esbuild.BuildOptions;
  }
}
