/**
 * A service of the stress test: answers every message with the number that it must get. The relay
 * asks another service for it, while its own client waits.
 */
import { MsgReceive, MsgReply, MsgSend, name_attach } from "reattach";
import { openService } from "../../examples/weather-station/connection.js";
import { ANSWER, answerOf, BYTES, NUMBER, SENDER, VALUE, WORDS } from "./protocol.js";

export function main({ service }: { service: string }): void {
  const chid = name_attach(null, service, 0);
  if (chid < 0) throw new Error(`${service}: name_attach: ${chid}`);
  const sum = service === "relay" ? openService("sum") : -1;
  const words = new Int32Array(WORDS);
  const bytes = new Uint8Array(words.buffer);
  for (;;) {
    const rcvid = MsgReceive(chid, bytes, BYTES, null);
    if (rcvid <= 0) continue;
    if (sum < 0) {
      words[ANSWER] = answerOf(service, words[SENDER]!, words[NUMBER]!, words[VALUE]!);
      MsgReply(rcvid, 0, bytes, BYTES);
    } else {
      const status = MsgSend(sum, bytes, BYTES, bytes, BYTES);
      MsgReply(rcvid, status < 0 ? 1 : 0, bytes, BYTES);
    }
  }
}
