/**
 * Columns of text, for people.
 */

/** Which columns have numbers: they end at the same place. The others start at it. */
export type Alignment = "left" | "right";

/** Lines with aligned cells, two spaces between columns and none at the end. */
export function table(rows: readonly (readonly string[])[], columns: readonly Alignment[]): string {
  const widths = columns.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          columns[column] === "right"
            ? cell.padStart(widths[column] ?? 0)
            : cell.padEnd(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** 7912 as "7,912". */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
