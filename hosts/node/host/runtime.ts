/**
 * What a program imports from this package: by which names, and where a worker thread loads it.
 */

/** Specifier to file: URL, of this very copy of the package and as it is built. */
export function runtimeModules(): ReadonlyMap<string, string> {
  const names = ["reattach", "reattach/ham", "reattach/service"];
  return new Map(
    names.map((name) => [name, new URL(`../../../task/${name}.js`, import.meta.url).href]),
  );
}
