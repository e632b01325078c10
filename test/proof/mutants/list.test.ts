/**
 * Every mutant fits the sources as they are: npm run verify would only say so after many minutes.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { MUTANTS } from "./list/index.js";

const ROOT = join(import.meta.dirname, "../../..");

test("mutants: what each changes is there once", (t) => {
  const texts = new Map<string, string>();
  for (const { name, file, find, replace } of MUTANTS) {
    const text = texts.get(file) ?? readFileSync(join(ROOT, file), "utf8");
    texts.set(file, text);
    t.equal(text.split(find).length - 1, 1, `${file}: ${name}`);
    t.notEqual(find, replace, "it changes something");
  }
  t.end();
});
