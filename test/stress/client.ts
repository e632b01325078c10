/**
 * A client of the stress test: sends its share of messages to services chosen at random and checks
 * every answer. Its last message is its result, for the main VM.
 */
import { MsgSend } from "reattach";
import { openService } from "../../examples/weather-station/connection.js";
import { seededRandom } from "../../src/ham/random.js";
import { ANSWER, answerOf, BYTES, NUMBER, SENDER, SERVICES, VALUE, WORDS } from "./protocol.js";
import { tellResult } from "./results.js";

/** What a client is told. */
export interface ClientArgs {
  readonly sender: number;
  readonly messages: number;
  readonly seed: number;
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
  for (let number = 0; number < messages; number++) {
    const choice = Math.floor(random() * SERVICES.length);
    words[SENDER] = sender;
    words[NUMBER] = number;
    words[VALUE] = random() * 0x1_0000_0000;
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
  }
  tellResult({ sender, answered, wrong, failed, sum, expected });
}
