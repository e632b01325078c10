/**
 * How the command line tells others how it went.
 */

/** All is well. */
export const EXIT_GOOD = 0;
/** The run failed, or no running simulator did what it was asked. */
export const EXIT_FAILED = 1;
/** The command line, the manifest or a program is wrong: nothing was run. */
export const EXIT_WRONG_INPUT = 2;

/** What the command was told is right, but it could not be done. Its message says all. */
export class FailedError extends Error {
  override get name(): string {
    return "FailedError";
  }
}
