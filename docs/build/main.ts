/**
 * `npm run docs`: writes the pages that are made of the sources. A test finds one that is stale.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pages } from "./pages.js";

for (const [path, text] of await pages()) {
  writeFileSync(join(import.meta.dirname, "../..", path), text);
  console.log(path);
}
