/**
 * What readManifest has to say about a folder of files.
 */
import { join, relative } from "node:path";
import type { Test } from "tape";
import { ManifestError } from "../../../hosts/node/manifest/problems.js";
import { readManifest } from "../../../hosts/node/manifest/read.js";
import { type Files, folderOf } from "./temp-folder.js";

/** The manifests of these tables are one line: where something stands has tests of its own. */
export function withoutPlace(problem: string): string {
  return problem
    .replace(/^@\/manifest\.json(:1:\d+)?: (?=config\.reattach)/, "")
    .replace(/^(@\/[\w/]+\.json):1:\d+: (?=\w+[:.[])/, "$1: ");
}

/**
 * Problems of `manifest.json` in a folder with these files, besides two good modules. `@` stands
 * for the folder.
 */
export function problemsIn(t: Test, files: Files): readonly string[] {
  const folder = folderOf(t, { "main.ts": "", "lib/sensor.ts": "", ...files });
  try {
    readManifest(join(folder, "manifest.json"));
    return [];
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return error.problems.map((problem) =>
      problem.replaceAll(relative(process.cwd(), folder), "@").replaceAll(folder, "@"),
    );
  }
}
