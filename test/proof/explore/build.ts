/**
 * Builds what is explored: the kernel, the recovery library and the scenarios, rewritten
 * (generators.ts), as modules in a folder of their own, and loads them.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { type Constants, Effects, toGenerators } from "./generators.js";
import { Machine } from "./machine.js";
import type { Scenario } from "./scenario.js";

const ROOT = join(import.meta.dirname, "../../..");
const ENTRY = "test/proof/explore/scenarios/index.ts";

/**
 * How often a waker repeats a notify bounds a busy loop of 64 rounds; two rounds have all its
 * interleavings that matter, and the search is shorter by powers of ten.
 */
const CONSTANTS: Constants = { RENOTIFY_MAX: 2 };

/** A change of one source text, for the tests of the explorer itself. */
export interface Patch {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Computes the layout from the limits, by functions in a table: nothing of the arena is in it. */
const NOT_EXPLORED = join("src", "arena", "regions.ts");

function isExplored(file: ts.SourceFile): boolean {
  const path = relative(ROOT, file.fileName);
  if (path === NOT_EXPLORED) return false;
  return /^(src[\\/](arena|kernel|ha)|test[\\/]proof[\\/]explore[\\/]scenarios)[\\/]/.test(path);
}

/** Applies a patch; throws when its text is not there exactly once. */
function patched(text: string, { file, find, replace }: Patch): string {
  const parts = text.split(find);
  if (parts.length !== 2) {
    throw new Error(`${file}: found ${parts.length - 1} times, expected once: ${find}`);
  }
  return parts.join(replace);
}

function hostWith(patch: Patch | null, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  if (patch === null) return host;
  const target = join(ROOT, patch.file);
  const read = host.getSourceFile;
  host.getSourceFile = (fileName, ...rest) => {
    if (relative(fileName, target) !== "") return read.call(host, fileName, ...rest);
    const text = patched(ts.sys.readFile(fileName) ?? "", patch);
    return ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2022, true);
  };
  return host;
}

/** Builds into a folder of `.cache`: its path. Each patch needs a folder of its own. */
export function emitExplored(folder: string, patch: Patch | null = null): string {
  const outDir = join(ROOT, ".cache", folder);
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    verbatimModuleSyntax: true,
    types: [],
    strict: true,
    skipLibCheck: true,
    rootDir: ROOT,
    outDir,
  };
  const program = ts.createProgram([join(ROOT, ENTRY)], options, hostWith(patch, options));
  const files = program.getSourceFiles().filter(isExplored);
  const effects = new Effects(program.getTypeChecker(), files, isExplored);
  rmSync(outDir, { recursive: true, force: true });
  program.emit(
    undefined,
    (path, text) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    },
    undefined,
    false,
    { before: [toGenerators(effects, isExplored, CONSTANTS)] },
  );
  return outDir;
}

/** Loads what emitExplored has built. */
export async function loadExplored(outDir: string): Promise<readonly Scenario[]> {
  // Bodies of modules run rewritten code too: at once.
  globalThis.$x = new Machine({ isLossy: false, isFine: false });
  const built = join(outDir, ENTRY.replace(/\.ts$/, ".js"));
  const { scenarios } = (await import(pathToFileURL(built).href)) as {
    readonly scenarios: readonly Scenario[];
  };
  return scenarios;
}
