/**
 * The display: shows the moisture and the waterings from time to time.
 */
import { delay, errnoName, MsgSend } from "reattach";
import { openService } from "./connection.js";
import {
  ANSWER_BYTES,
  COUNT,
  createMessage,
  MESSAGE_BYTES,
  READ,
  SENSOR,
  VALVE,
} from "./protocol.js";

/** Shows every `period_ms`, for ever. */
export function main({ period_ms }: { period_ms: number }): void {
  const sensor = openService(SENSOR);
  const valve = openService(VALVE);
  const question = createMessage();
  const answer = createMessage();
  const ask = (coid: number, type: number): string => {
    question.words[0] = type;
    const status = MsgSend(coid, question.bytes, MESSAGE_BYTES, answer.bytes, ANSWER_BYTES);
    return status === 0 ? String(answer.words[0]) : errnoName(status);
  };
  for (;;) {
    trace(`moisture ${ask(sensor, READ)}, waterings ${ask(valve, COUNT)}\n`);
    delay(period_ms);
  }
}
