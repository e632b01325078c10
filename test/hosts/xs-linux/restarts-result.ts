/**
 * What programs/restarts.ts tells.
 */

/** What is written down. */
export interface RestartsResult {
  readonly restarts: readonly number[];
  /** Of the main VM, after a collection: when it was warm, and in the end. */
  readonly slots: readonly number[];
  readonly chunkBytes: readonly number[];
  readonly left: number;
}
