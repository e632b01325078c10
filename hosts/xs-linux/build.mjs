/**
 * Builds the program: gets the sources of XS from npm, checks them, and calls make. `--xs=folder`
 * takes those of Moddable's SDK, `$MODDABLE/xs`, in their place.
 *
 *     node hosts/xs-linux/build.mjs [--m32] [--sanitize=thread] [--xs=folder]
 *
 * prints the program's path. Everything lies in node_modules/.cache/reattach-xs.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildWhenCalled, makeIn, TOOLS } from "../xs-test/build.mjs";
import { findMissingTool, findSources, keyOf } from "../xs-test/sources.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/**
 * Builds the program, unless it is up to date.
 *
 * @param {{ m32?: boolean, sanitize?: "thread", xs?: string }} [variant] `m32`: 16-byte slots, as
 *   on an ESP32; `xs`: other sources.
 * @returns {import("../xs-test/build.mjs").Built}
 */
export function buildXs({ m32 = false, sanitize, xs } = {}) {
  const flags = [...(m32 ? ["-m32"] : []), ...(sanitize ? [`-fsanitize=${sanitize}`] : [])];
  const missing = findMissing(flags);
  if (missing !== null) return { missing };
  const { home, xs: sources } = findSources(xs);
  const out = join(
    home,
    ["xs", ...(m32 ? ["m32"] : []), ...(sanitize ? [sanitize] : [])].join("-"),
  );
  makeIn(join(here, "Makefile"), out, { XS: sources, FLAGS: flags.join(" ") });
  return {
    program: join(out, "xs-linux"),
    key: keyOf(flags.join(" "), [here, join(here, "program")]),
  };
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
