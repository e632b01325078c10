/**
 * Figures of the pages that follow from the sources alone.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { layoutOf } from "../../src/arena/regions.js";
import { readReattach } from "../../src/manifest/reattach.js";
import { compareFigure } from "../hosts/pages.js";

const PAGE = "docs/device.md";

test("docs/device.md: the arena of the application that it shows", (t) => {
  const page = readFileSync(join(import.meta.dirname, "../..", PAGE), "utf8");
  const manifest = /```json\n([\s\S]*?"limits"[\s\S]*?)```/.exec(page)?.[1] ?? "{}";
  const { config } = JSON.parse(manifest) as { config?: { reattach?: object } };
  const problems: string[] = [];
  const { limits, tasks } = readReattach(config?.reattach, null, problems);
  t.deepEqual(problems, [], "its manifest is right");
  t.equal(tasks.length, 2, "it has two tasks");
  const measured = layoutOf(limits).totalBytes;
  compareFigure(t, { page: PAGE, pattern: /the arena[^|\n]*\| +([\d,]+)/, measured });
  t.end();
});
