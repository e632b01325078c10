/**
 * A client of the stress test: sends its share of messages to services chosen at random and checks
 * every answer. Its last line is its result.
 */
import { MsgSend } from "reattach";
import { openService } from "../../examples/weather-station/connection.js";
import { seededRandom } from "../../hosts/node/random.js";
import { ANSWER, answerOf, BYTES, NUMBER, SENDER, SERVICES, VALUE, WORDS } from "./protocol.js";

/** What a client is told. */
export interface ClientArgs {
  readonly sender: number;
  readonly messages: number;
  readonly seed: number;
}

/** What a client has to tell at its end. */
export interface ClientResult {
  readonly sender: number;
  readonly answered: number;
  readonly wrong: number;
  readonly failed: number;
  /** Sum of all answers, and what it must be. */
  readonly sum: number;
  readonly expected: number;
}

export function main({ sender, messages, seed }: ClientArgs): void {
  const random = seededRandom(seed);
  const coids = SERVICES.map((service) => openService(service, () => true));
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
  console.log(JSON.stringify({ sender, answered, wrong, failed, sum, expected }));
}
