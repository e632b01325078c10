/**
 * Commands that print what they have found as JSON, with --json: then they print so, too, what went
 * wrong.
 */
import { InputError } from "../input-error.js";
import { EXIT_FAILED, EXIT_GOOD, EXIT_WRONG_INPUT, FailedError } from "./exit-code.js";
import { printableJson } from "./printable.js";

/** Prints a value on standard output. */
export function printJson(value: object): void {
  process.stdout.write(`${printableJson(value, 2)}\n`);
}

/**
 * Does what a command does. Resolves to its exit code; an InputError or a FailedError is printed
 * with `isJson`, and thrown without.
 */
export async function withJsonProblems(isJson: boolean, act: () => Promise<void>): Promise<number> {
  try {
    await act();
    return EXIT_GOOD;
  } catch (error) {
    if (!isJson) throw error;
    if (error instanceof FailedError) {
      printJson({ ok: false, problems: [error.message] });
      return EXIT_FAILED;
    }
    if (!(error instanceof InputError)) throw error;
    printJson({ ok: false, problems: error.problems });
    return EXIT_WRONG_INPUT;
  }
}
