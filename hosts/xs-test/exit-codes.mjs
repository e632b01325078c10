/**
 * How a run ends that has to be told from others: README.md has all of them.
 */

/** XS has given up, which restarts a chip. */
export const EXIT_ABORTED = 42;
/** The board restarts. */
export const EXIT_RESTARTED = 43;
