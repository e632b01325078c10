/**
 * `npm run page:load`: the command. Prints a line for each reading, and at the end what came out.
 */
import { EXIT_FAILED, EXIT_GOOD, EXIT_WRONG_INPUT } from "../../../hosts/node/cli/exit-code.js";
import { InputError } from "../../../hosts/node/input-error.js";
import { costText, measureCost, windowLine } from "./cost.js";
import { readLoadOptions, USAGE } from "./options.js";
import { readingLine, soakPage, soakText } from "./soak.js";

async function load(argv: string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(USAGE);
    return EXIT_GOOD;
  }
  const options = readLoadOptions(argv);
  const write = (kind: string, object: object, text: string): void => {
    process.stdout.write(options.isJson ? `${JSON.stringify({ kind, ...object })}\n` : text);
  };
  if (options.what === "cost") {
    const { pages, windows, isBrowser } = options;
    const cost = await measureCost(pages, windows, isBrowser, (window) => {
      write("window", window, windowLine(window));
    });
    write("cost", cost, costText(cost));
    return EXIT_GOOD;
  }
  const report = await soakPage(options.minutes, (reading) => {
    write("reading", reading, readingLine(reading));
  });
  write("verdict", report, soakText(report));
  return report.isGood ? EXIT_GOOD : EXIT_FAILED;
}

try {
  process.exitCode = await load(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  process.stderr.write(`page:load: ${error.message}\n\n${USAGE}`);
  process.exitCode = EXIT_WRONG_INPUT;
}
