/**
 * RECORD_MESSAGE of a record (src/kernel/trace/ring.ts): the number of a message, and which
 * transmission of it this is.
 */
const ATTEMPT_BITS = 3;
const ATTEMPT_MASK = 7;

/** Low 29 bits of the message's number. */
export function numberOf(message: number): number {
  return message >>> ATTEMPT_BITS;
}

/** Which transmission it is: 1 for the first, up to 8. */
export function attemptOf(message: number): number {
  return (message & ATTEMPT_MASK) + 1;
}
