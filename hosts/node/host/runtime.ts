/**
 * What a program imports from this package: by which names, and where a worker thread loads it.
 */

import { BOARD_MODULES, PLAIN_MODULES } from "../hardware/names.js";

/** The folder of dist/node that has what tasks load: that which traces, or that which does not. */
export function runtimeFolder(isTraced: boolean): string {
  return new URL(isTraced ? "../../../traced/" : "../../../task/", import.meta.url).href;
}

/**
 * Specifier to file: URL, of this very copy of the package and as it is built. The modules of a
 * device's hardware are there when a board is described.
 */
export function runtimeModules(hasBoard: boolean, isTraced = false): ReadonlyMap<string, string> {
  const folder = runtimeFolder(isTraced);
  const files: Readonly<Record<string, string>> = {
    reattach: "reattach",
    "reattach/ham": "reattach/ham",
    "reattach/service": "reattach/service",
    ...filesOf(PLAIN_MODULES),
    ...(hasBoard ? filesOf(BOARD_MODULES) : {}),
  };
  return new Map(Object.entries(files).map(([name, file]) => [name, `${folder}${file}.js`]));
}

/** As rollup.config.mjs builds them. */
function filesOf(modules: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(modules).map(([name, file]) => [name, `hardware/${file}`]);
  return Object.fromEntries(entries) as Record<string, string>;
}
