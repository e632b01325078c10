/**
 * `npm run soak`: the command. Prints a line for each reading and, at the end, the verdict.
 */
import { EXIT_FAILED, EXIT_GOOD, EXIT_WRONG_INPUT } from "../../../hosts/node/cli/exit-code.js";
import { InputError } from "../../../hosts/node/input-error.js";
import { readSoakOptions, USAGE } from "./options.js";
import { lineOf, textOf } from "./report.js";
import { startSoak } from "./soak.js";

async function soak(argv: string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(USAGE);
    return EXIT_GOOD;
  }
  const { minutes, seed, isJson, every_s } = readSoakOptions(argv);
  const write = (kind: string, object: object, text: string): void => {
    process.stdout.write(isJson ? `${JSON.stringify({ kind, ...object })}\n` : text);
  };
  write("start", { minutes, seed, every_s }, `soak: ${minutes} minutes, --seed ${seed}\n`);
  const running = await startSoak(minutes * 60, every_s, seed, (sample) => {
    write("sample", sample, lineOf(sample));
  });
  // Once: the second Ctrl-C ends the process as it always does.
  process.once("SIGINT", running.end);
  const report = await running.report;
  write("verdict", report, textOf(report));
  return report.isGood ? EXIT_GOOD : EXIT_FAILED;
}

try {
  process.exitCode = await soak(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  process.stderr.write(`soak: ${error.message}\n\n${USAGE}`);
  process.exitCode = EXIT_WRONG_INPUT;
}
