/**
 * The simulator as it is built: its engine is a build of its own.
 */
import type * as Prepare from "../../../../hosts/node/simulate/prepare.js";
import type { Prepared } from "../../../../hosts/node/simulate/prepare.js";

const BUILT = new URL("../../../../dist/node/hosts/node/simulate/prepare.js", import.meta.url);

/** Prepares the application of a manifest. */
export async function prepare(manifest: string): Promise<Prepared> {
  const built = (await import(BUILT.href)) as typeof Prepare;
  return built.prepare(manifest);
}
