/**
 * The simulator as it is built: its engine is a build of its own.
 */
import type * as Prepare from "../../../../hosts/node/simulate/prepare.js";
import type { Prepared } from "../../../../hosts/node/simulate/prepare.js";
import type * as Trial from "../../../../hosts/node/simulate/trial.js";

function builtUrl(name: string): string {
  return new URL(`../../../../dist/node/hosts/node/simulate/${name}.js`, import.meta.url).href;
}

/** Prepares the application of a manifest. */
export async function prepare(manifest: string): Promise<Prepared> {
  const built = (await import(builtUrl("prepare"))) as typeof Prepare;
  return built.prepare(manifest);
}

/** Runs it once. */
export async function runTrial(
  app: Prepared,
  options: Trial.TrialOptions,
): Promise<Trial.TrialResult> {
  const built = (await import(builtUrl("trial"))) as typeof Trial;
  return built.runTrial(app, options);
}
