/**
 * A task that never calls Reattach again: nobody can end it but a restart of the board.
 */

/** Never returns. */
export function main(): void {
  for (;;);
}
