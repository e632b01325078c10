/**
 * esbuild, for all who build something. It runs in a process of its own, which starts with the
 * first build.
 *
 * An optional dependency, loaded when it is needed: who only builds for a device, or asks a running
 * system, does without it.
 */
import type * as esbuild from "esbuild";
import { InputError } from "../input-error.js";
import { loadOptional } from "../optional-package.js";

const NO_ESBUILD = "esbuild, which compiles tasks, is not installed: npm install esbuild";

let loaded: typeof esbuild | undefined;
const builds = new Set<Promise<unknown>>();

/** esbuild's build(). Rejects as that does, and with an InputError where there is no esbuild. */
export async function runBuild<const Options extends esbuild.BuildOptions>(
  options: Options,
): Promise<esbuild.BuildResult<Options>> {
  loaded ??= await loadOptional(
    () => import("esbuild"),
    () => new InputError(NO_ESBUILD, [NO_ESBUILD]),
  );
  const building = loaded.build<Options>(
    options as esbuild.SameShape<esbuild.BuildOptions, Options>,
  );
  builds.add(building);
  try {
    return await building;
  } finally {
    builds.delete(building);
  }
}

/**
 * Ends esbuild's process as soon as nothing is being built. The next runBuild() starts it again.
 * Without this it ends with this process, which it does not keep alive.
 */
export async function stopEsbuild(): Promise<void> {
  while (builds.size > 0) await Promise.allSettled(builds);
  await loaded?.stop();
}
