/**
 * Figures in pages for people, as tests compare them with what is measured.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tape";

const root = join(import.meta.dirname, "../..");

/** How far a page may be from what is measured: then it is still right, and need not be written. */
export const PART_OFF_MAX = 0.03;

/** A figure of a page: where it stands, and what it has to be. */
export interface Figure {
  readonly page: string;
  /** What stands around the number; its one group is the number. */
  readonly pattern: RegExp;
  readonly measured: number;
  /** How far it may be off, where that varies more; PART_OFF_MAX. */
  readonly partOff?: number;
}

/** The row of a table whose first cell has the name in backquotes; which cell has the number. */
export function rowOf(name: string, cell = 2): RegExp {
  const between = "[^|\\n]*\\|".repeat(cell - 2);
  return new RegExp(`^\\| [^|\\n]*\`${name}\`[^|\\n]*\\|${between} +([\\d,]+) +\\|`, "m");
}

/** Fails where a page has no such figure, or another one than what was measured. */
export function compareFigure(t: Test, figure: Figure): void {
  const { page, pattern, measured, partOff = PART_OFF_MAX } = figure;
  const found = pattern.exec(readFileSync(join(root, page), "utf8"))?.[1];
  if (found === undefined) return t.fail(`${page}: no figure for ${pattern}`);
  const said = Number(found.replaceAll(",", ""));
  const isRight = Math.abs(said - measured) <= partOff * measured;
  t.ok(isRight, `${page}: ${said} for ${pattern}, measured is ${measured}`);
}
