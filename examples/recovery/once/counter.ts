/**
 * A counter that must be right, and a server that crashes before, in and after what it does.
 */
import { createMsgInfo, Ledger, MsgReceive, name_attach } from "reattach";

/** A message is one byte: how much to add. Its answer is a status: the counter. */
export const STEP = 5;

export function main(): void {
  // State and the last answers are committed together, and outlive this task.
  const ledger = new Ledger({ stateBytes: 4, clients: 1 });
  const counter = new Int32Array(ledger.state.buffer, 0, 1);
  const chid = name_attach(null, "counter", 0);
  if (chid < 0) throw new Error(`name_attach: ${chid}`);
  const message = new Uint8Array(1);
  const info = createMsgInfo();
  const crash = (when: string): never => {
    throw new Error(`crashed ${when} adding to ${counter[0]!}`);
  };
  for (;;) {
    const rcvid = MsgReceive(chid, message, 1, info);
    if (rcvid <= 0 || ledger.answers(rcvid, info)) continue;
    // The first attempt at three of four messages ends in a crash, sooner or later.
    const isFirst = info.attempt === 1;
    const turn = (counter[0]! / STEP) % 4;
    if (isFirst && turn === 0) crash("before");
    counter[0]! += message[0]!;
    if (isFirst && turn === 1) crash("while");
    ledger.reply(rcvid, info, counter[0]!, null, 0);
    if (isFirst && turn === 2) crash("after");
  }
}
