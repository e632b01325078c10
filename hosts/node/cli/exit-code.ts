/**
 * How the command line tells others how it went.
 */

/** All is well. */
export const EXIT_GOOD = 0;
/** The run failed. */
export const EXIT_FAILED = 1;
/** The command line, the manifest or a program is wrong: nothing was run. */
export const EXIT_WRONG_INPUT = 2;
