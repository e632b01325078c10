/**
 * What the build scripts of the hosts share: make, and what one prints that is called by itself.
 */
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, isAbsolute, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./sources.mjs";

/** What it takes to get the sources and to build them, beside a compiler. */
export const TOOLS = ["make", "flock", "tar"];

/**
 * The path of the program and a key that changes with it; or why it cannot be built here.
 *
 * @typedef {{ program: string, key: string } | { missing: string }} Built
 */

/**
 * Builds what a Makefile says. Two processes may do so at the same time: make runs under a lock.
 * Throws, with all that make wrote, when it fails.
 *
 * make takes no path with a space in it. So it runs beside what it builds, and gets paths from
 * there: what is in one application's folder builds wherever that lies.
 *
 * @param {string} makefile
 * @param {string} out where objects and programs go: `OUT` in the Makefile
 * @param {Readonly<Record<string, string>>} variables its other variables
 */
export function makeIn(makefile, out, variables) {
  mkdirSync(out, { recursive: true });
  const from = dirname(out);
  const values = Object.entries({ ...variables, OUT: out }).map(
    ([name, value]) => `${name}=${isAbsolute(value) ? pathFrom(from, value) : value}`,
  );
  const make = ["make", "-f", pathFrom(from, makefile), `-j${availableParallelism()}`, ...values];
  run("flock", [join(out, "lock"), ...make], from);
}

/** @returns {string} the path of a file or folder from there, as make takes it */
function pathFrom(from, path) {
  const way = relative(from, path);
  if (/\s/.test(way)) throw new Error(`make takes no path with a space in it: ${way}`);
  return way;
}

/**
 * For a build script, at its end. When it was called by itself, and not imported, this builds, and
 * prints the program's path. Where something is missing it says so, and the exit code is 1.
 *
 * @param {string} url `import.meta.url` of the script
 * @param {() => Built} build
 */
export function buildWhenCalled(url, build) {
  if (process.argv[1] !== fileURLToPath(url)) return;
  const built = build();
  if ("missing" in built) {
    console.error(built.missing);
    process.exitCode = 1;
  } else {
    console.log(built.program);
  }
}
