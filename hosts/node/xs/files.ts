/**
 * The tests of an application that run on XS: files named `*.xs.ts` or `*.xs.js` beside its
 * manifest. Each exports `tests`, an object of functions by their titles.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runBuild } from "../compile/esbuild.js";
import { InputError } from "../input-error.js";
import { shownPath } from "../manifest/shown-path.js";

/** What marks a file. Not `.test.ts`: Node.js's own runner, and others, would run it. */
const MARK = /\.xs\.[jt]s$/;

/** The files in a folder, absolute, in the order of their names. Throws when there are none. */
export function findTestFiles(folder: string): string[] {
  const files = readdirSync(folder)
    .filter((name) => MARK.test(name))
    .sort()
    .map((name) => join(folder, name));
  if (files.length > 0) return files;
  const problem =
    `${shownPath(folder)}: found no file named *.xs.ts or *.xs.js, allowed is one or more ` +
    "beside the manifest";
  throw new InputError(problem, [problem]);
}

/** Throws an InputError for the files that do not export `tests`. */
export async function checkTestFiles(files: readonly string[]): Promise<void> {
  const problems: string[] = [];
  for (const file of files) {
    const { metafile } = await runBuild({
      entryPoints: [file],
      write: false,
      metafile: true,
      format: "esm",
      logLevel: "silent",
    }).catch((error: Error) => {
      throw new InputError(error.message, [error.message]);
    });
    const names = Object.values(metafile.outputs).flatMap((output) => output.exports);
    if (names.includes("tests")) continue;
    const found = names.join(", ") || "nothing";
    problems.push(`${shownPath(file)}: exports ${found}, but a file of tests must export tests`);
  }
  if (problems.length > 0) throw new InputError(problems.join("\n"), problems);
}
