/**
 * What became of an order. Every order settles with one of these. Types only.
 */

/** How an order has ended. */
export type Outcome =
  /** It was carried out. */
  | "done"
  /** The VM could not be ended within the host's limit: it is still there. */
  | "stuck"
  /** A later order wants something else: this one is not carried out any more. */
  | "superseded"
  /** The board restarts, or has restarted: the task that was meant is gone with it. */
  | "rebooted";
