/**
 * A service that crashes: it answers three messages, and no more.
 */
import { MsgReceive, MsgReply, name_attach } from "reattach";

const ANSWERS_OF_A_LIFE = 3;

export function main(): void {
  const chid = name_attach(null, "numbers", 0);
  if (chid < 0) throw new Error(`name_attach: ${chid}`);
  for (let answers = 0; answers < ANSWERS_OF_A_LIFE;) {
    const rcvid = MsgReceive(chid, null, 0, null);
    if (rcvid > 0) MsgReply(rcvid, ++answers, null, 0);
  }
  throw new Error("three are enough");
}
