/**
 * Tickets, and the state word of a pulse cell.
 *
 * A ticket is a channel's next number, taken by whoever sends; it says who came first. 0 is a free
 * cell; a pid is the claim of a task that is writing the cell; a negative number is a full cell and
 * carries 31 bits of the ticket it was sent with, so the word is another one at each use. A claim
 * with PID_TOLD added has come to nothing: the channel was closed, and opened anew, meanwhile.
 */
import { PID_TOLD } from "../../arena/values.js";

/** The state of a full cell. */
export function pulseFull(ticket: number): number {
  return ticket | 0x8000_0000;
}

export function isPulseFull(state: number): boolean {
  return state < 0;
}

/** The pid that a claimed cell names. */
export function claimantIn(state: number): number {
  return state & ~PID_TOLD;
}

/** True when ticket (or full state) `a` was given out before `b`; 31 bits that wrap. */
export function isBefore(a: number, b: number): boolean {
  return (a - b) << 1 < 0;
}
