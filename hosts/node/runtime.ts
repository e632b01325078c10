/**
 * What a program imports from this package: by which names, and where a worker thread loads it.
 */

/** Specifier to file: URL, of this very copy of the package and as it is built. */
export function runtimeModules(): ReadonlyMap<string, string> {
  return new Map([["reattach", import.meta.resolve("reattach")]]);
}
