/**
 * Settings of a board for tests in which every task leaves when it is told to.
 *
 * How long that takes depends on what else the machine does: a task that is still loading its
 * program, or waits for a processor, leaves later. Only one that never leaves is wrong.
 */

/** `config.reattach.board`. Host-neutral: programs on XS use it too. */
export const PATIENT = Object.freeze({
  /** Longer than any load of a machine; a test that needs as much has failed. */
  stop_ms: 60_000,
});
