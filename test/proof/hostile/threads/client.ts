/**
 * An honest client: asks, checks every byte of every answer, and tells the main VM how it goes.
 */
import { MsgSend, name_open } from "reattach";
import { GO_ON, REPORT_WORDS, REPORTS, SERVICE } from "./tasks.js";

const BYTES = 48;
/** Messages between two reports. */
const ROUNDS = 200;

export function main({ sender }: { sender: number }): void {
  const server = name_open(SERVICE, 0);
  const reports = name_open(REPORTS, 0);
  if (server < 0 || reports < 0) throw new Error(`name_open: ${server}, ${reports}`);
  const message = new Uint8Array(BYTES);
  const reply = new Uint8Array(BYTES);
  const words = new Int32Array(REPORT_WORDS);
  words[0] = sender;
  const report = new Uint8Array(words.buffer);
  let number = 0;
  do {
    for (let round = 0; round < ROUNDS; round++) {
      number++;
      for (let i = 0; i < BYTES; i++) message[i] = (number * 31 + i * 7 + sender) & 0xff;
      reply.fill(0);
      if (MsgSend(server, message, BYTES, reply, BYTES) !== 7) {
        words[3]!++;
        continue;
      }
      words[1]!++;
      for (let i = 0; i < BYTES; i++) {
        if (reply[i] === (message[i]! ^ 0xff)) continue;
        words[2]!++;
        break;
      }
    }
  } while (MsgSend(reports, report, report.length, null, 0) === GO_ON);
}
