/**
 * The applications with typical bugs, and what each claims that the bug breaks.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "apps");

/** One application, twice. */
export interface App {
  readonly name: string;
  /** The manifests: of the one that is right, and of the one with the bug. */
  readonly right: string;
  readonly buggy: string;
}

/** All that there are. */
export const APPS: readonly App[] = readdirSync(FOLDER)
  .sort()
  .map((name) => ({
    name,
    right: join(FOLDER, name, "manifest.json"),
    buggy: join(FOLDER, name, "buggy.json"),
  }));
