/**
 * `reattach layout`: the arena as a map, to see what each limit costs before it is paid in RAM.
 */
import { DEFAULT_LIMITS, type Limits } from "../../../src/arena/limits.js";
import { describeRegions, layoutOf } from "../../../src/arena/regions.js";
import { readManifest } from "../manifest/read.js";
import { EXIT_GOOD } from "./exit-code.js";
import { readOptions } from "./options.js";
import { grouped, table } from "./table.js";

/** "tasks 8, channels 8, …" */
export function limitsLine(limits: Readonly<Limits>): string {
  return Object.entries(limits)
    .flatMap(([key, value]) => (typeof value === "number" ? [`${key} ${grouped(value)}`] : []))
    .join(", ");
}

/** "stable bytes: sensor 0, store 4,420", when tasks differ. */
function stableLines({ stableBytesOf = [] }: Readonly<Limits>, tasks: readonly string[]): string[] {
  const each = stableBytesOf.map((bytes, i) => `${tasks[i] ?? "another"} ${grouped(bytes)}`);
  return each.length === 0 ? [] : [`stable bytes: ${each.join(", ")}`];
}

function layoutText(
  limits: Readonly<Limits>,
  tasks: readonly string[],
  totalBytes: number,
): string {
  const rows = describeRegions(limits).map(({ name, offset, bytes, count, reason }) => [
    grouped(offset),
    grouped(bytes),
    grouped(count),
    `${((100 * bytes) / totalBytes).toFixed(1)}%`,
    name,
    reason,
  ]);
  return [
    `limits: ${limitsLine(limits)}`,
    ...stableLines(limits, tasks),
    "",
    table(
      [
        ["offset", "bytes", "count", "share", "region", "holds"],
        ...rows,
        ["", grouped(totalBytes), "", "100.0%", "total", ""],
      ],
      ["right", "right", "right", "right", "left", "left"],
    ),
    "",
  ].join("\n");
}

/**
 * Prints the layout of a manifest's limits, or of the default ones. Resolves to the exit code;
 * throws UsageError or ManifestError.
 */
export async function layout(argv: string[]): Promise<number> {
  const { values, positionals } = readOptions(argv, {
    options: { json: { type: "boolean" } },
    required: [],
    optional: ["manifest"],
  });
  const [path] = positionals;
  const app = path === undefined ? { limits: DEFAULT_LIMITS, tasks: [] } : readManifest(path);
  const { limits, tasks } = app;
  const names = tasks.map(({ name }) => name);
  const { totalBytes } = layoutOf(limits);
  const text = values.json
    ? `${JSON.stringify({ totalBytes, limits, regions: describeRegions(limits) }, null, 2)}\n`
    : layoutText(limits, names, totalBytes);
  process.stdout.write(text);
  return EXIT_GOOD;
}
