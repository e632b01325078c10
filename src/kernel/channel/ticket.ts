/**
 * The state word of a pulse cell.
 *
 * 0 is free; a pid is the claim of a task that is writing the cell; a negative number is a full
 * cell and carries the 31-bit ticket it was sent with. The ticket gives the order of arrival, makes
 * the word different at each use, and tells which incarnation of the channel it was meant for: a
 * sender takes its ticket before it checks the channel's life, and a new incarnation notes the next
 * ticket when it opens, so older tickets are not its.
 */

/** The state of a full cell. */
export function pulseFull(ticket: number): number {
  return ticket | 0x8000_0000;
}

export function isPulseFull(state: number): boolean {
  return state < 0;
}

/** True when ticket (or full state) `a` was given out before `b`; 31 bits that wrap. */
export function isBefore(a: number, b: number): boolean {
  return (a - b) << 1 < 0;
}
