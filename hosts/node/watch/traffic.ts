/**
 * What is said of counted messages, of a system that is traced: a part of protocol.ts, and like it
 * nothing of Node.js, as a browser loads it.
 */

/**
 * What a tracing kernel counts between two tasks, over all their incarnations. Of a task that is
 * faster than its records are read, some are missing; the `sent` of its row has all.
 */
export interface Traffic {
  /** Calls that began. */
  readonly messages: number;
  /** Those that ended with an error. */
  readonly failed: number;
  /** Transmissions after the first of a message. */
  readonly repeated: number;
  readonly bytes: number;
  /**
   * Calls that returned, by how long they took: the n-th took less than 2^n microseconds and no
   * less than half of that, the last any longer time.
   */
  readonly buckets: readonly number[];
}
