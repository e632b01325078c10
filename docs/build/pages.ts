/**
 * What is made of the sources and committed: by path, from the root of the repository.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { errnoPage } from "./errno-page.js";
import { manifestPage } from "./manifest-page.js";
import { picture, type Recording } from "./picture.js";
import { manifestSchema } from "./schema.js";

/** As `.prettierrc.json` has it. */
const PRINT_WIDTH = 100;

/** What docs/build/record.ts has recorded. */
function recording(): Recording {
  const file = join(import.meta.dirname, "../pictures/weather-station.json");
  return JSON.parse(readFileSync(file, "utf8")) as Recording;
}

/** Each file with its text. */
export async function pages(): Promise<ReadonlyMap<string, string>> {
  const markdown = (text: string) => format(text, { parser: "markdown", printWidth: PRINT_WIDTH });
  const json = (value: object) =>
    format(JSON.stringify(value), { parser: "json", printWidth: PRINT_WIDTH });
  return new Map([
    ["docs/manifest.md", await markdown(manifestPage())],
    ["docs/errno.md", await markdown(errnoPage())],
    ["manifests/schema.json", await json(manifestSchema())],
    ["docs/pictures/weather-station.svg", picture(recording())],
  ]);
}
