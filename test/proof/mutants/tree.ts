/**
 * A copy of the repository to put bugs into. The packages are linked, not copied.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Mutant, mutate } from "./mutant.js";

const ROOT = join(import.meta.dirname, "../../..");
/** What the suites need; `dist` for those that run real threads. */
const COPIED: readonly string[] = [
  "src",
  "hosts",
  "test",
  "examples",
  "manifests",
  "dist",
  "package.json",
  "manifest.json",
  "tsconfig.json",
  ".tsconfig.build.json",
  "rollup.config.mjs",
];

export class Tree {
  readonly path: string;

  constructor() {
    this.path = mkdtempSync(join(tmpdir(), "reattach-mutants-"));
    for (const name of COPIED) cpSync(join(ROOT, name), join(this.path, name), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(this.path, "node_modules"));
  }

  /** Puts a bug in. */
  break(mutant: Mutant): void {
    const text = readFileSync(join(ROOT, mutant.file), "utf8");
    writeFileSync(join(this.path, mutant.file), mutate(text, mutant));
  }

  /** Takes it out again. */
  mend({ file }: Mutant): void {
    cpSync(join(ROOT, file), join(this.path, file));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
