/**
 * Acts of a server that keeps a ledger: a counter, and the last reply of each client.
 */
import {
  createMsgInfo,
  Ledger,
  ledgerBytes,
  MsgReceive,
  MsgReply,
  stableCommit,
  stableRead,
} from "reattach";

const info = createMsgInfo();
const message = new Uint8Array(8);
const reply = new Uint8Array(4);
let ledger: Ledger;
let rcvid = 0;

const OPTIONS = { stateBytes: 4, replyBytes: 4, clients: 2 };

/** The counter: a byte, so that no view has to be made. */
function counter(): number {
  return ledger.state[0]!;
}

/** Takes messages until one is to be acted on; repeats are answered. */
function takeNew(chid: number): void {
  do {
    rcvid = MsgReceive(chid, message, message.length, info);
  } while (rcvid > 0 && ledger.answers(rcvid, info));
}

function answer(to: number): number {
  reply[0] = counter();
  return ledger.reply(to, info, counter(), reply, 1);
}

export const ledgerActs = {
  /** A new ledger: 1 when it begins with what an incarnation before has committed. */
  ledgerOpen(): number {
    ledger = new Ledger(OPTIONS);
    return ledger.isRestored ? 1 : 0;
  },

  ledgerBytes: (): number => ledgerBytes(OPTIONS),

  ledgerCounter: (): number => counter(),

  /** Receives the next message that is no repeat. `into` gets its number and attempt. */
  ledgerReceive(chid: number, into: number[]): number {
    takeNew(chid);
    into.push(info.number, info.attempt);
    return rcvid;
  },

  /** The effect: adds what the message says. Not committed yet. */
  ledgerAdd(): number {
    ledger.state[0] = counter() + message[0]!;
    return counter();
  },

  /** Commits and answers. */
  ledgerReply: (): number => answer(rcvid),

  /** Commits, but the answer goes nowhere: as if it died between the two. */
  ledgerCommit: (): number => answer(0),

  /** Answers without the ledger. */
  ledgerForget: (): number => MsgReply(rcvid, counter(), null, 0),

  /** Receives, adds and answers so many new messages. */
  ledgerServe(chid: number, count: number): number {
    for (let i = 0; i < count; i++) {
      takeNew(chid);
      if (rcvid <= 0) return rcvid;
      ledger.state[0] = counter() + message[0]!;
      answer(rcvid);
    }
    return counter();
  },

  /** Answers repeats, and nothing else, until a message comes that is none: its rcvid. */
  ledgerRepeats(chid: number): number {
    takeNew(chid);
    return rcvid;
  },

  stableWrite: (bytes: Uint8Array, count: number): number => stableCommit(bytes, count),

  stableLook: (into: Uint8Array): number => stableRead(into),
};
