/**
 * The stress test's messages, and the answer that each must get.
 */
import type { LedgerOptions } from "reattach";

/** Words of a message: who sends, which of its messages it is, a random word, what for. */
export const WORDS = 8;
export const BYTES = 4 * WORDS;
export const SENDER = 0;
export const NUMBER = 1;
export const VALUE = 2;
/** PLAIN, ADD or TOTAL; only "sum" looks at it. */
export const KIND = 4;
/** Words of a reply. */
export const ANSWER = 3;
/** Of "sum": how many messages of this sender have been added, and their sum. */
export const COUNT = 5;
export const SUM = 6;

/** Nothing comes of it but an answer. */
export const PLAIN = 0;
/** Its value is added to the sum of its sender: once, however often it is transmitted. */
export const ADD = 1;
/** Asks for the sum. */
export const TOTAL = 2;

export const CLIENTS = 4;

/** What "sum" keeps in stable memory: a count and a sum for each client. */
export const LEDGER: LedgerOptions = {
  stateBytes: 8 * CLIENTS,
  replyBytes: BYTES,
  clients: CLIENTS,
};

/** Services that answer; "relay" asks "sum" and passes its answer on. */
export const SERVICES: readonly string[] = ["echo", "sum", "relay"];

/** What a server throws that is to crash. */
export const ON_PURPOSE = "thrown on purpose";

/** Registered by the main VM when clients without a number of messages are to come to their end. */
export const END = "end";

/** What a service must answer: depends on all that it was asked, so that no other reply fits. */
export function answerOf(service: string, sender: number, number: number, value: number): number {
  const salt = service === "echo" ? 0x9e37_79b9 : 0x85eb_ca6b;
  let hash = Math.imul(value ^ salt, 0x01000193) ^ Math.imul(number, 0x27d4_eb2f);
  hash ^= Math.imul(sender + 1, 0x1656_67b1);
  return (hash ^ (hash >>> 15)) | 0;
}
