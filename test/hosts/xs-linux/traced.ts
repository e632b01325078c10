/**
 * The tracing build for programs on XS: the modules that trace/manifest.json adds, or has in the
 * place of others.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, type Bundle } from "./bundle.js";

const TRACED = join(import.meta.dirname, "../../../dist/moddable/traced");

/** RunOptions.preload of such a program. */
export const TRACED_PRELOAD: readonly string[] = ["reattach/trace", "reattach/trace/messages"];

/** bundle(), in the tracing build. `reattach` is the file of "reattach", where it is another. */
export async function bundleTraced(
  programs: Readonly<Record<string, string>>,
  reattach = join(TRACED, "reattach.js"),
): Promise<Bundle> {
  const traced = await bundle(programs);
  const map = JSON.parse(readFileSync(traced.modules, "utf8")) as object;
  const modules = { ...map, reattach, "reattach/trace": join(TRACED, "trace.js") };
  writeFileSync(traced.modules, JSON.stringify(modules));
  return traced;
}

/** The text of "reattach" in the tracing build, of which these functions are exports too. */
export function withExports(names: readonly string[]): string {
  const text = readFileSync(join(TRACED, "reattach.js"), "utf8");
  return `${text}\nexport { ${names.join(", ")} };\n`;
}
