/**
 * A folder of small files for one test, written from a table and removed afterwards.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Test } from "tape";

/** Text of each file by its path; anything but a string is written as JSON. */
export type Files = Readonly<Record<string, unknown>>;

/** When the files were last changed, as far as they know: any time that is not now. */
const LONG_AGO = new Date("2026-01-01T00:00:00Z");

/** Writes files into a folder; they look old, as those of a project that is not being edited. */
export function writeFiles(folder: string, files: Files, changed = LONG_AGO): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    utimesSync(file, changed, changed);
  }
}

/** Makes a folder with these files that lives as long as the test. Returns its real path. */
export function folderOf(t: Test, files: Files): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "reattach-")));
  t.teardown(() => {
    rmSync(folder, { recursive: true });
  });
  writeFiles(folder, files);
  return folder;
}
