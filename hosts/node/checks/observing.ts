/**
 * What all have in common that show an application to its checks, and to its tests.
 */
import { allowedNames } from "../../../src/manifest/suggest.js";
import { UsageError } from "../input-error.js";
import type { AppManifest } from "../manifest/read.js";

/** What of the past is at hand. */
const PAST_MAX = 1_000;

/** Adds to a list that keeps its last values. */
export function keep<Value>(past: Value[], value: Value): void {
  past.push(value);
  if (past.length > PAST_MAX) past.shift();
}

/** The place of a task in the manifest. Throws a UsageError for a name that it does not have. */
export function taskIndex({ tasks }: AppManifest, name: string): number {
  const names = tasks.map((task) => task.name);
  const index = names.indexOf(name);
  if (index < 0) throw new UsageError(`found the task "${name}", ${allowedNames(name, names)}`);
  return index;
}
