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
    .map(([key, value]) => `${key} ${grouped(value as number)}`)
    .join(", ");
}

function layoutText(limits: Readonly<Limits>, totalBytes: number): string {
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
  const limits = path === undefined ? DEFAULT_LIMITS : readManifest(path).limits;
  const { totalBytes } = layoutOf(limits);
  const text = values.json
    ? `${JSON.stringify({ totalBytes, limits, regions: describeRegions(limits) }, null, 2)}\n`
    : layoutText(limits, totalBytes);
  process.stdout.write(text);
  return EXIT_GOOD;
}
