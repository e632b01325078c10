/**
 * A client of the stress test: sends messages to services chosen at random and checks every answer,
 * and, with "sum", every effect. Its last message is its result, for the main VM.
 */
import { MsgSend, name_open } from "reattach";
import { openService } from "./connection.js";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { ADD, ANSWER, answerOf, BYTES, COUNT, END, KIND, NUMBER, PLAIN } from "./protocol.js";
import { SENDER, SERVICES, SUM, TOTAL, VALUE, WORDS } from "./protocol.js";
import { tellResult } from "./results.js";

/** What a client is told. */
export interface ClientArgs {
  readonly sender: number;
  /** 0: until END is registered. */
  readonly messages: number;
  readonly seed: number;
}

function isEnd(number: number, messages: number): boolean {
  return messages !== 0 ? number === messages : name_open(END, 0) >= 0;
}

export function main({ sender, messages, seed }: ClientArgs): void {
  const random = seededRandom(seed);
  const coids = SERVICES.map((service) => openService(service));
  const words = new Int32Array(WORDS);
  const reply = new Int32Array(WORDS);
  const bytes = new Uint8Array(words.buffer);
  const replyBytes = new Uint8Array(reply.buffer);
  let answered = 0;
  let wrong = 0;
  let failed = 0;
  let sum = 0;
  let expected = 0;
  let added = 0;
  let total = 0;
  words[SENDER] = sender;
  for (let number = 0; !isEnd(number, messages); number++) {
    const choice = Math.floor(random() * SERVICES.length);
    const isAdded = SERVICES[choice] === "sum";
    words[NUMBER] = number;
    words[VALUE] = random() * 0x1_0000_0000;
    words[KIND] = isAdded ? ADD : PLAIN;
    if (isAdded) {
      added++;
      total = (total + words[VALUE]) | 0;
    }
    const status = MsgSend(coids[choice]!, bytes, BYTES, replyBytes, BYTES);
    const right = answerOf(SERVICES[choice]!, sender, number, words[VALUE]);
    if (status !== 0) {
      failed++;
      continue;
    }
    answered++;
    sum = (sum + reply[ANSWER]!) | 0;
    expected = (expected + right) | 0;
    if (reply[ANSWER] !== right || reply[NUMBER] !== number) wrong++;
    else if (isAdded && (reply[COUNT] !== added || reply[SUM] !== total)) wrong++;
  }
  words[KIND] = TOTAL;
  if (MsgSend(coids[SERVICES.indexOf("sum")]!, bytes, BYTES, replyBytes, BYTES) !== 0) failed++;
  const isTotalRight = reply[SUM] === total ? 1 : 0;
  const effects = reply[COUNT]!;
  tellResult({ sender, answered, wrong, failed, sum, expected, added, effects, isTotalRight });
}
