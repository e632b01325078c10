/**
 * The build: one output folder for each kind of host, from the same sources.
 *
 * Modules are kept apart (preserveModules). On Node.js this lets the library, the host, the command
 * line and the workers share ONE instance of each kernel module, whose state is module-level; on
 * the device xsbug shows our files. Types are checked and declared by `tsc -b`, so nothing is
 * checked here a second time.
 */
import { readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import typescript from "@rollup/plugin-typescript";

/** Deletes what an earlier build left: a source that is gone must not live on in the package. */
function removeLeftovers(dir) {
  return {
    name: "remove-leftovers",
    writeBundle(_options, bundle) {
      const written = new Set(Object.keys(bundle).map((file) => resolve(dir, file)));
      for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
        const file = resolve(join(entry.parentPath, entry.name));
        if (entry.isFile() && !written.has(file)) rmSync(file);
      }
    },
  };
}

/**
 * Moddable's xsc reads sources[0] of every source map and crashes when there is none, as in a
 * module that only re-exports. Such a module has nothing to step through: drop its map.
 */
const dropEmptyMaps = {
  name: "drop-empty-maps",
  generateBundle(_options, bundle) {
    for (const [file, chunk] of Object.entries(bundle)) {
      if (chunk.type !== "chunk" || chunk.map?.sources.length !== 0) continue;
      chunk.code = chunk.code.replace(/\n\/\/# sourceMappingURL=.*\n?$/, "\n");
      delete bundle[`${file}.map`];
    }
  },
};

/**
 * XS has no folders, only module names, and resolves "./kernel/send.js" against the name of the
 * module that imports it. So the files lie as the names read: reattach beside reattach/kernel/*.
 */
function deviceName({ name }) {
  return name === "src/index" ? "reattach.js" : `${name.replace(/^(src|hosts)\//, "reattach/")}.js`;
}

function config({ dir, input, external, names = "[name].js" }) {
  return {
    input,
    external,
    plugins: [
      typescript({ tsconfig: ".tsconfig.build.json" }),
      dropEmptyMaps,
      removeLeftovers(dir),
    ],
    output: {
      dir,
      format: "es",
      entryFileNames: names,
      preserveModules: true,
      preserveModulesRoot: ".",
      // The package holds the sources, so the maps need not.
      sourcemap: true,
      sourcemapExcludeSources: true,
    },
    // A bare import that nobody declared would only fail on the user's machine, or on the board.
    onLog(level, log, report) {
      report(level === "warn" ? "error" : level, log);
    },
  };
}

export default [
  config({
    dir: "dist/node",
    input: ["src/index.ts", ...["index", "cli", "worker"].map((name) => `hosts/node/${name}.ts`)],
    external: [/^node:/, "esbuild"],
  }),
  config({ dir: "dist/moddable", input: ["src/index.ts"], external: [], names: deviceName }),
];
