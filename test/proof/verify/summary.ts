/**
 * The summary of `npm run verify`: read from the TAP of its stages, told as a table or as JSON.
 */
import { readFigure } from "./figure.js";
import type { Stage } from "./stages.js";

/** What came out of one stage. */
export interface StageResult {
  readonly name: string;
  readonly title: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Counts by name: states, schedules, kills, … */
  readonly figures: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** Reads the TAP of a stage. `exitCode` tells of a crash, which TAP does not. */
export function readStage(
  { name, title }: Stage,
  tap: string,
  exitCode: number,
  seconds: number,
): StageResult {
  const figures: Record<string, number> = {};
  let [passed, failed, skipped] = [0, 0, 0];
  for (const line of tap.split("\n")) {
    const figure = readFigure(line);
    if (figure !== null) figures[figure.name] = (figures[figure.name] ?? 0) + figure.count;
    const sum = /^# (pass|fail) +(\d+)$/.exec(line);
    if (sum?.[1] === "pass") passed += Number(sum[2]);
    if (sum?.[1] === "fail") failed += Number(sum[2]);
    if (/^((not )?ok\b.*)?# SKIP/.test(line)) skipped++;
  }
  // A process that ends otherwise than by its last assertion has failed, and so has one that
  // asserts nothing.
  if (failed === 0 && (exitCode !== 0 || passed + skipped === 0)) failed = 1;
  return { name, title, passed, failed, skipped, figures, seconds };
}

/** Sums over the stages. */
export function totals(results: readonly StageResult[]): {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
} {
  const sum = (count: (result: StageResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  return {
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    skipped: sum(({ skipped }) => skipped),
  };
}

/** A table, a row a stage, and the sums. */
export function toTable(results: readonly StageResult[]): string {
  const nameWidth = Math.max(...results.map(({ name }) => name.length));
  const titleWidth = Math.max(...results.map(({ title }) => title.length));
  const rows = results.map(({ name, title, passed, failed, skipped, figures, seconds }) => {
    const counts = Object.entries(figures).map(
      ([what, count]) => `${count.toLocaleString("en")} ${what}`,
    );
    const minutes = `${(seconds / 60).toFixed(1)} min`;
    const left = skipped === 0 ? "" : `, ${skipped} SKIPPED`;
    const outcome = `${passed} passed, ${failed} failed${left}`;
    const head = `${name.padEnd(nameWidth)}  ${title.padEnd(titleWidth)}  ${minutes.padStart(8)}`;
    return [
      `${head}  ${outcome}`,
      ...counts.map((count) => `${" ".repeat(nameWidth)}    ${count}`),
    ];
  });
  const { passed, failed, skipped } = totals(results);
  const left = skipped === 0 ? "" : `, ${skipped} skipped: what they need is not installed`;
  return [...rows.flat(), "", `${passed} passed, ${failed} failed${left}`].join("\n");
}
