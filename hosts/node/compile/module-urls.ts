/**
 * `import.meta.url` in a task's program: the URL of the file it is written in, not that of the
 * bundle, so that a module finds the data beside it.
 */
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { Loader, Plugin } from "esbuild";

const NAME = "__reattach_module_url";

/** For esbuild's `define`: every `import.meta.url` becomes a variable of its module. */
export const MODULE_URL_DEFINE: Readonly<Record<string, string>> = { "import.meta.url": NAME };

const LOADERS: Readonly<Record<string, Loader>> = {
  js: "js",
  jsx: "jsx",
  mjs: "js",
  mts: "ts",
  ts: "ts",
  tsx: "tsx",
};

/** Gives each module that asks for its URL that variable, without moving any of its lines. */
export const moduleUrls: Plugin = {
  name: "module-urls",
  setup(build) {
    build.onLoad({ filter: /\.(m?[jt]s|[jt]sx)$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (!text.includes("import.meta.url")) return undefined;
      const url = JSON.stringify(pathToFileURL(path).href);
      const loader = LOADERS[path.slice(path.lastIndexOf(".") + 1)]!;
      return { contents: `const ${NAME} = ${url}; ${text}`, loader };
    });
  },
};
