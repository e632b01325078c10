/**
 * Whether C and TypeScript have done the same, and where not.
 */
import type { Call } from "./calls.js";
import { type Answer, BYTES, NEVER, RETURNED } from "./wire.js";
import type { World } from "./world.js";

/** Of reply.h. */
export const CLIENT_IS_DEAD = 1;
/** What is called, by its number. */
export const NAMES = ["send", "MsgReceive", "MsgReply", "MsgError"] as const;

/** What a side has come to. */
export interface Ending {
  readonly outcome: number;
  readonly value: number;
  readonly info: readonly number[];
}

/** For people. */
export function say({ outcome, value }: { outcome: number; value: number }): string {
  return outcome === RETURNED ? String(value) : outcome === NEVER ? "no end" : "STOPPED";
}

/** The same result, and the same operations in the same order. Throws when not. */
export function expectSame(call: Call, ended: Ending, answer: Answer, trace: Int32Array): void {
  const value = call.op >= 2 && answer.value === CLIENT_IS_DEAD ? 0 : answer.value;
  if (answer.outcome !== ended.outcome || (ended.outcome === RETURNED && value !== ended.value)) {
    throw new Error(`TypeScript: ${say(ended)}, C: ${say(answer)}`);
  }
  if (call.op === 1 && call.hasInfo && ended.outcome === RETURNED && ended.value > 0) {
    const at = ended.info.findIndex((field, i) => field !== answer.info[i]);
    if (at >= 0) throw new Error(`info ${at}: TypeScript ${ended.info[at]}, C ${answer.info[at]}`);
  }
  // What comes after it is TypeScript's.
  const isWhole = call.op < 2 || answer.value !== CLIENT_IS_DEAD;
  const length = isWhole ? trace.length : answer.trace.length;
  const at = answer.trace.findIndex((word, i) => word !== trace[i]);
  if (at < 0 && answer.trace.length === length) return;
  const from = at < 0 ? Math.min(answer.trace.length, length) : at - (at % 3);
  const [one, other] = [trace, answer.trace].map((operations) => operation(operations, from));
  throw new Error(`operation ${from / 3} of ${NAMES[call.op]}: TypeScript ${one}, C ${other}`);
}

function operation(trace: Int32Array, from: number): string {
  if (from >= trace.length) return "none";
  return `${String.fromCharCode(trace[from]!)} ${trace[from + 1]} (${trace[from + 2]})`;
}

/** The same arena, and the same message. Throws when not. */
export function expectWords(
  world: World | null,
  inTypeScript: Int32Array,
  inC: Int32Array,
  message: Uint8Array,
  messageOfC: Uint8Array,
): void {
  const [one, other] = [inTypeScript, inC].map((words) =>
    Buffer.from(words.buffer, words.byteOffset, words.byteLength),
  );
  if (!one!.equals(other!)) {
    const at = inTypeScript.findIndex((word, i) => word !== inC[i]);
    const where = world === null ? "" : ` (own record: ${world.me})`;
    throw new Error(`word ${at}${where}: TypeScript ${inTypeScript[at]}, C ${inC[at]}`);
  }
  const byte = message.findIndex((value, i) => value !== messageOfC[i]);
  if (byte >= 0) throw new Error(`byte ${byte} of ${BYTES} of the message differs`);
}
