/**
 * A plugin for rollup: what the page of `reattach dev` is made of beside its script.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { transformSync } from "esbuild";

/** The licence of each package that a chunk holds a part of: who copies it has to hand that on. */
function licencesOf({ modules }) {
  const inPackage = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/;
  const folders = new Set(Object.keys(modules).flatMap((id) => inPackage.exec(id)?.[0] ?? []));
  return [...folders].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((candidate) => /^licen[cs]e/i.test(candidate));
    return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
}

/** The files of the page beside its script: index.html, all styles as one, and licences. */
export function pageFiles(folder) {
  const styles = [
    "node_modules/uplot/dist/uPlot.min.css",
    ...["theme", "frame", "panels", "messages"].map((name) => `${folder}/styles/${name}.css`),
  ];
  const html = `${folder}/index.html`;
  return {
    name: "page-files",
    buildStart() {
      for (const file of [html, ...styles]) this.addWatchFile(resolve(file));
    },
    generateBundle(_options, bundle) {
      const licences = Object.values(bundle).flatMap((chunk) => licencesOf(chunk));
      const source = licences.join(`\n${"-".repeat(80)}\n\n`);
      this.emitFile({ type: "asset", fileName: "LICENSES.txt", source });
      const css = styles.map((file) => readFileSync(file, "utf8")).join("\n");
      const { code } = transformSync(css, { loader: "css", minify: true });
      this.emitFile({ type: "asset", fileName: "page.css", source: code });
      this.emitFile({ type: "asset", fileName: "index.html", source: readFileSync(html) });
    },
  };
}
