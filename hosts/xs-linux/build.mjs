/**
 * Builds the program: gets the sources of XS from npm, checks them, and calls make. `--xs=folder`
 * takes those of Moddable's SDK, `$MODDABLE/xs`, in their place.
 *
 *     node hosts/xs-linux/build.mjs [--m32] [--sanitize=thread] [--xs=folder]
 *
 * prints the program's path. Everything lies in node_modules/.cache/reattach-xs. `reattach test`
 * calls buildXs(), from the package.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildWhenCalled, makeIn, TOOLS } from "../xs-test/build.mjs";
import { findMissingTool, findSources, homeOf, keyOf } from "../xs-test/sources.mjs";

export { CACHE } from "../xs-test/sources.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/**
 * Builds the program, unless it is up to date.
 *
 * @param {{ m32?: boolean, sanitize?: "thread", xs?: string, isLenient?: boolean }} [variant]
 *   `m32`: 16-byte slots, as on an ESP32; `xs`: other sources; `isLenient`: a warning is no error,
 *   for a compiler that is not ours.
 * @returns {import("../xs-test/build.mjs").Built}
 */
export function buildXs({ m32 = false, sanitize, xs, isLenient = false } = {}) {
  const flags = flagsOf({ m32, sanitize });
  const missing = findMissing(flags);
  if (missing !== null) return { missing };
  const { home, xs: sources } = findSources(xs);
  const out = folderOf(home, { m32, sanitize });
  const strictness = isLenient ? { WERROR: "" } : {};
  makeIn(join(here, "Makefile"), out, { XS: sources, FLAGS: flags.join(" "), ...strictness });
  return {
    program: join(out, "xs-linux"),
    key: keyOf(flags.join(" "), [here, join(here, "program")]),
  };
}

function flagsOf({ m32 = false, sanitize }) {
  return [...(m32 ? ["-m32"] : []), ...(sanitize ? [`-fsanitize=${sanitize}`] : [])];
}

/**
 * Why it cannot be built here, or null.
 *
 * @param {{ m32?: boolean, sanitize?: "thread" }} [variant] as for buildXs()
 */
export function whyNot(variant = {}) {
  return findMissing(flagsOf(variant));
}

function folderOf(home, { m32 = false, sanitize }) {
  const words = ["xs", ...(m32 ? ["m32"] : []), ...(sanitize ? [sanitize] : [])];
  return join(home, words.join("-"));
}

/**
 * Has it been built? It may be out of date.
 *
 * @param {{ m32?: boolean, sanitize?: "thread", xs?: string }} [variant] as for buildXs()
 */
export function isBuilt({ xs, ...variant } = {}) {
  return existsSync(join(folderOf(homeOf(xs), variant), "xs-linux"));
}

/** What the machine lacks, in words, or null. */
function findMissing(flags) {
  if (process.platform !== "linux") return `xs-linux runs on Linux, not on ${process.platform}`;
  const tool = findMissingTool(["cc", ...TOOLS]);
  if (tool !== null) return `${tool} is not installed`;
  if (flags.length === 0) return null;
  const folder = mkdtempSync(join(tmpdir(), "reattach-xs-"));
  try {
    const source = join(folder, "empty.c");
    writeFileSync(source, "#include <stdio.h>\nint main(void) { return 0; }\n");
    const { status } = spawnSync("cc", [...flags, source, "-o", join(folder, "empty")]);
    return status === 0 ? null : `the C compiler cannot build with ${flags.join(" ")}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The variant that the arguments of the command line ask for; other words are left alone. */
export function readVariant(args) {
  const variant = {};
  for (const arg of args) {
    if (arg === "--m32") variant.m32 = true;
    else if (arg === "--sanitize=thread") variant.sanitize = "thread";
    else if (arg.startsWith("--xs=")) variant.xs = arg.slice("--xs=".length);
    else if (arg.startsWith("--")) {
      throw new Error(`unknown switch ${arg}; allowed: --m32, --sanitize=thread, --xs=folder`);
    }
  }
  return variant;
}

buildWhenCalled(import.meta.url, () => buildXs(readVariant(process.argv.slice(2))));
