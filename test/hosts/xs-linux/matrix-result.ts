/**
 * What programs/matrix.ts tells.
 */

/** How a board of the matrix has ended up. */
export interface MatrixResult {
  /** Of the deaths, in their order. */
  readonly causes: readonly string[];
  /** Why the board was restarted the last time; "" when it was not. */
  readonly reason: string;
  /** pids by task, before the first death and in the end. */
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
}
