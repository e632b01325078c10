/**
 * What Reattach adds to an application for an ESP32 is kept, and is what docs/budgets.md says.
 */
import test from "tape";
import { compareFigure, rowOf } from "../pages.js";
import type { Cost } from "./cost.js";
import { measureSizes } from "./sizes.js";

type Sum = Cost & { readonly flash: number };

/** A little more than what was measured, so that nothing grows unseen. */
const MOST: Record<"reattach" | "ham" | "net", Partial<Sum>> = {
  reattach: { flash: 278_000, code: 122_000, slots: 8_450 },
  ham: { flash: 80_000, code: 32_000, slots: 2_600 },
  net: { flash: 158_000, code: 74_000, slots: 4_600 },
};

/** How the manifests are called in the table. */
const ROWS = {
  reattach: "reattach/manifest.json",
  ham: "reattach/ham/manifest.json",
  net: "reattach/net/manifest.json",
};

test("budget: what an application pays for in flash", async (t) => {
  const sizes = await measureSizes();
  console.table(sizes);
  for (const part of ["reattach", "ham", "net"] as const) {
    for (const [name, most] of Object.entries(MOST[part])) {
      const measured = sizes[part][name as keyof Sum];
      t.ok(measured <= most, `${part}: ${name} ${measured}, at most ${most}`);
    }
    const row = rowOf(ROWS[part]);
    compareFigure(t, { page: "docs/budgets.md", pattern: row, measured: sizes[part].flash });
  }
  const flash = /Flash\*\*: Reattach adds ([\d,]+) bytes/;
  compareFigure(t, { page: "docs/device.md", pattern: flash, measured: sizes.reattach.flash });
  const ham = /HAM adds another ([\d,]+)/;
  compareFigure(t, { page: "docs/device.md", pattern: ham, measured: sizes.ham.flash });
});
