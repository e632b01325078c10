/**
 * The stress test's messages, and the answer that each must get.
 */

/** Words of a message: who sends, which of its messages it is, a random word, the same again. */
export const WORDS = 8;
export const BYTES = 4 * WORDS;
export const SENDER = 0;
export const NUMBER = 1;
export const VALUE = 2;
/** Words of a reply. */
export const ANSWER = 3;

/** Services that answer; "relay" asks "sum" and passes its answer on. */
export const SERVICES: readonly string[] = ["echo", "sum", "relay"];

/** What a service must answer: depends on all that it was asked, so that no other reply fits. */
export function answerOf(service: string, sender: number, number: number, value: number): number {
  const salt = service === "echo" ? 0x9e37_79b9 : 0x85eb_ca6b;
  let hash = Math.imul(value ^ salt, 0x01000193) ^ Math.imul(number, 0x27d4_eb2f);
  hash ^= Math.imul(sender + 1, 0x1656_67b1);
  return (hash ^ (hash >>> 15)) | 0;
}
