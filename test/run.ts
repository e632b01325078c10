/**
 * Runs the tests: every *.test.ts below this folder, or those whose path contains a word from the
 * command line (`npm test -- tidy package`), but none that contains a word behind a "^"
 * (`npm test -- hosts/node ^node/page`). With --verify also the *.verify.ts, which take longer
 * and are run by `npm run verify`. Tape prints TAP and, at the end, the sums, and what was skipped.
 * Tests on XS, which take half of the time, and on the emulated chip run beside the others where
 * there are two processors. A few of one kind, and all with --one-lane, run in this process.
 *
 * Tape's own command would `require` a .ts file. Then a module would exist twice, once for
 * `require` and once for `import`, and the kernel's state, which is module-level, with it.
 */
import { readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { availableParallelism } from "node:os";
import tape from "tape";
import { runLanes } from "./lanes.js";

const flags = ["--verify", "--one-lane"];
const args = process.argv.slice(2).filter((word) => !flags.includes(word));
const words = args.filter((word) => !word.startsWith("^"));
const unwanted = args.filter((word) => word.startsWith("^")).map((word) => word.slice(1));
const isVerify = process.argv.includes("--verify");
const endings = isVerify ? [".test.ts", ".verify.ts"] : [".test.ts"];
const folder = import.meta.dirname;
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => endings.some((ending) => file.endsWith(ending)))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .filter((file) => !unwanted.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) throw new Error(`no test file's path is one of ${args.join(" ")}`);

/** In so many lanes, or as few as there are files, in turn: slow files lie side by side. */
function inLanes(lanesMax: number, all: readonly string[]): string[][] {
  const lanes = Array.from({ length: lanesMax }, (_, lane) =>
    all.filter((_file, i) => i % lanesMax === lane),
  );
  return lanes.filter(({ length }) => length > 0);
}

const isOn = (host: string): string[] =>
  files.filter((file) => file.startsWith(join("hosts", host)));
const onXs = isOn("xs-linux");
const onChip = isOn("xs-chip");
const others = files.filter((file) => !onXs.includes(file) && !onChip.includes(file));
/**
 * Those on XS and on Node.js wait about as long as they compute: in parts, so that both cores have
 * work to the end. Those on the chip compute: in four, however long the longest takes.
 */
const lanes =
  availableParallelism() < 2
    ? [files]
    : [...inLanes(3, others), ...inLanes(2, onXs), ...inLanes(isVerify ? 4 : 1, onChip)];
const hasOneKind = others.length === 0 && onChip.length === 0;
const isPart = args.length > 0 && (hasOneKind || lanes.length === 1);

if (process.argv.includes("--one-lane") || isPart) {
  // Without this, tape would start with the first file and could end before the last is loaded.
  const harness = tape as typeof tape & { wait(): void; run(): void };
  harness.wait();
  for (const file of files) await import(pathToFileURL(join(folder, file)).href);
  harness.run();
} else {
  const run = ["--import", "tsx", import.meta.filename, "--one-lane"];
  if (isVerify) run.push("--verify");
  const isGood = await runLanes(lanes.map((lane) => ({ name: lane[0]!, args: [...run, ...lane] })));
  process.exitCode = isGood ? 0 : 1;
}
