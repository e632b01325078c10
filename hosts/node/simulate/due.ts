/** What is due at a time; of two that are due at once, the one with the lower number is first. */
export interface Due {
  readonly due_ms: number;
  readonly serial: number;
}

/** The one that is due first; null when there is none. */
export function firstDue<Entry extends Due>(entries: Iterable<Entry>): Entry | null {
  let first: Entry | null = null;
  for (const entry of entries) {
    const isSooner =
      first === null ||
      entry.due_ms < first.due_ms ||
      (entry.due_ms === first.due_ms && entry.serial < first.serial);
    if (isSooner) first = entry;
  }
  return first;
}
