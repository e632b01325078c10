/**
 * Test programs for XS: bundled into one module each, beside the modules of the device build, which
 * stay as they are.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";

const ROOT = resolve(import.meta.dirname, "../../..");
const DEVICE = join(ROOT, "dist/moddable");
const PROGRAMS = join(import.meta.dirname, "programs");

/** Modules of Moddable's SDK, and of the test host. */
const HOST_MODULES = [
  "mc/config",
  "preference",
  "Resource",
  "time",
  "timer",
  "worker",
  "xs",
  "xs/preference",
  "xs/worker",
];

/**
 * Leaves imports of the device build, of the host, and of other programs as names, so that there is
 * one of each. What a program takes from src or hosts by its path is bundled once more: that code
 * has no state of its own.
 */
function keepModules(programs: Readonly<Record<string, string>>): Plugin {
  const names = new Map(Object.entries(programs).map(([name, file]) => [file, name]));
  return {
    name: "keep-modules",
    setup({ onResolve, resolve: resolveFile }) {
      onResolve({ filter: /^reattach(\/|$)/ }, ({ path }) => ({ path, external: true }));
      onResolve({ filter: /^\..*\.js$/ }, async ({ path, pluginData, ...options }) => {
        if (pluginData === "resolving") return undefined;
        const found = await resolveFile(path, { ...options, pluginData: "resolving" });
        const name = names.get(found.path);
        return name === undefined ? found : { path: name, external: true };
      });
    },
  };
}

/** `reattach/moddable/*`, one by one: the chip lists no folders. */
function extensions(): [string, string][] {
  const folder = join(DEVICE, "reattach/moddable");
  return readdirSync(folder).map((file) => [
    `reattach/moddable/${basename(file, ".js")}`,
    join(folder, file),
  ]);
}

/** Bundled programs, and what the host needs to find all modules. */
export interface Bundle {
  /** Path of the module map. */
  readonly modules: string;
  /** Deletes everything. */
  remove(): void;
}

/**
 * Bundles programs: module names to paths of their sources. Those that another imports stay modules
 * of their own, as on a board. `alias` are names that a manifest gives to modules of theirs;
 * `without` are modules of the device build that the manifest leaves out.
 */
export async function bundle(
  programs: Readonly<Record<string, string>>,
  alias: Record<string, string> = {},
  without: readonly string[] = [],
): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), "reattach-xs-"));
  // Beside Moddable's Worker, the one through which tests reach the workers.
  const all = { worker: join(PROGRAMS, "worker.ts"), ...programs };
  await build({
    entryPoints: Object.entries(all).map(([out, file]) => ({ in: file, out })),
    outdir: folder,
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    external: HOST_MODULES,
    alias,
    plugins: [keepModules(all)],
    logLevel: "warning",
  });
  const map: Record<string, string> = {
    reattach: join(DEVICE, "reattach.js"),
    "reattach/ham": join(DEVICE, "reattach/ham.js"),
    "reattach/service": join(DEVICE, "reattach/service.js"),
    "reattach/moddable": join(DEVICE, "reattach/moddable.js"),
    ...Object.fromEntries(extensions()),
  };
  for (const name of without) delete map[name];
  for (const file of readdirSync(folder)) map[basename(file, ".js")] = join(folder, file);
  const modules = join(folder, "modules.json");
  writeFileSync(modules, JSON.stringify(map));
  return { modules, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What XS has written, but for what esbuild does: it makes variables of a program's constants. */
export function complaintsIn(stderr: string): string {
  return stderr.replaceAll(/^### warning: .*: no const\n/gm, "");
}
