/**
 * The TypeScript compiler of an application, which is the application's own.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as typescript from "typescript";
import { shownPath } from "../manifest/shown-path.js";

/** The first minor version of 5 with all that is asked of it. */
const OLDEST = [5, 4] as const;
/** Versions from here on are programs without an interface that would be kept stable. */
const NATIVE = 7;

/** A compiler that is installed. */
export interface CompilerFile {
  /** Absolute path of its module, which is CommonJS. */
  readonly file: string;
  readonly version: string;
}

/** Can a version, such as "5.9.3", be asked by a program? */
function isUsable(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return major > OLDEST[0] ? major < NATIVE : major === OLDEST[0] && minor >= OLDEST[1];
}

/** The compiler that a module in this folder would import; or why there is none, as a sentence. */
export function findCompiler(dir: string): CompilerFile | string {
  let described: string;
  try {
    described = createRequire(join(dir, "main.js")).resolve("typescript/package.json");
  } catch {
    return "there is no package typescript";
  }
  const { version } = JSON.parse(readFileSync(described, "utf8")) as { version: string };
  const file = join(dirname(described), "lib/typescript.js");
  if (isUsable(version) && existsSync(file)) return { file, version };
  return `typescript ${version} cannot be used from a program: 5.4 to 6 can`;
}

/** The nearest tsconfig.json, in a folder or above it, as editors find it; undefined for none. */
export function findConfig(dir: string): string | undefined {
  for (let folder = dir; ; folder = dirname(folder)) {
    const file = join(folder, "tsconfig.json");
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Loads a compiler. Blocks: a few hundred milliseconds. */
export function loadCompiler(file: string): typeof typescript {
  return createRequire(file)(file) as typeof typescript;
}

/** What TypeScript says of a place, on one line, without the place. */
export function textOf(ts: typeof typescript, { code, messageText }: typescript.Diagnostic) {
  return `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
}

/** `file:line:column` of what TypeScript found; `elsewhere` for what has no place. */
export function placeOf({ file, start }: typescript.Diagnostic, elsewhere: string): string {
  if (file === undefined) return shownPath(elsewhere);
  const { line, character } = file.getLineAndCharacterOfPosition(start ?? 0);
  return `${shownPath(file.fileName)}:${line + 1}:${character + 1}`;
}
