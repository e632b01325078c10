/**
 * The store: keeps the summary of each day, counts what it was ever given, and answers queries.
 *
 * The summaries are gone with its incarnation. Whoever was told that a day is kept must find it
 * there, so a new store answers no query until the station, in its recovery function, has filled it
 * again and says COMPLETE.
 *
 * The totals are not: they are in its ledger. A day that the station puts twice, because the store
 * died before it could answer, must not be counted twice, nor not at all.
 */
import {
  createMsgInfo,
  EINVAL,
  Ledger,
  type MessageInfo,
  MsgError,
  MsgReceive,
  MsgReply,
  name_attach,
} from "reattach";
import {
  COMPLETE,
  DAY,
  GET,
  type Message,
  MESSAGE_BYTES,
  PUT,
  REFILL,
  STATUS_REBUILDING,
  STATUS_UNKNOWN_DAY,
  STORE,
  SUMMARY,
  TOTAL_DAYS,
  TOTAL_HOURS,
  TOTALS,
  createMessage,
} from "./protocol.js";
import { copySummary, COUNT, SUMMARY_WORDS } from "./summary.js";

const DAYS_MAX = 366;
/** Two 32-bit words: days and hours. One client puts days: the station. */
const LEDGER = Object.freeze({ stateBytes: 8, clients: 1 });

class Store {
  readonly #days = new Int32Array(DAYS_MAX * SUMMARY_WORDS);
  readonly #ledger = new Ledger(LEDGER);
  readonly #totals = new Int32Array(this.#ledger.state.buffer, 0, 2);
  readonly #reply = createMessage();
  #isComplete = false;

  /** Answers one message. */
  serve(rcvid: number, { words }: Message, info: MessageInfo): void {
    const type = words[0];
    const day = words[DAY]!;
    if (type === TOTALS) {
      this.#answer(rcvid, this.#totals, 0, this.#totals.length);
    } else if (type === COMPLETE) {
      this.#isComplete = true;
      MsgReply(rcvid, 0, null, 0);
    } else if (day < 0 || day >= DAYS_MAX) {
      MsgError(rcvid, EINVAL);
    } else if (type === PUT || type === REFILL) {
      copySummary(words, SUMMARY, this.#days, day * SUMMARY_WORDS);
      if (type === REFILL) MsgReply(rcvid, 0, null, 0);
      else this.#count(rcvid, words[SUMMARY + COUNT]!, info);
    } else if (type === GET) {
      this.#find(rcvid, day * SUMMARY_WORDS);
    } else {
      MsgError(rcvid, EINVAL);
    }
  }

  /** Counts a day and its hours, once. */
  #count(rcvid: number, hours: number, info: MessageInfo): void {
    if (this.#ledger.answers(rcvid, info)) return;
    this.#totals[TOTAL_DAYS]! += 1;
    this.#totals[TOTAL_HOURS]! += hours;
    this.#ledger.reply(rcvid, info, 0, null, 0);
  }

  #find(rcvid: number, at: number): void {
    if (!this.#isComplete) MsgReply(rcvid, STATUS_REBUILDING, null, 0);
    else if (this.#days[at + COUNT] === 0) MsgReply(rcvid, STATUS_UNKNOWN_DAY, null, 0);
    else this.#answer(rcvid, this.#days, at, SUMMARY_WORDS);
  }

  #answer(rcvid: number, from: Int32Array, at: number, count: number): void {
    const { words, bytes } = this.#reply;
    for (let i = 0; i < count; i++) words[i] = from[at + i]!;
    MsgReply(rcvid, 0, bytes, MESSAGE_BYTES);
  }
}

/** Serves for ever. */
export function main(): void {
  const chid = name_attach(null, STORE, 0);
  if (chid < 0) throw new Error(`store: name_attach: ${chid}`);
  const store = new Store();
  const request = createMessage();
  const info = createMsgInfo();
  for (;;) {
    const rcvid = MsgReceive(chid, request.bytes, MESSAGE_BYTES, info);
    if (rcvid > 0) store.serve(rcvid, request, info);
  }
}
